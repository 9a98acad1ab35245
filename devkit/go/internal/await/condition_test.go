package await

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	result := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), result); err != nil {
		t.Fatal(err)
	}
	return result
}

const (
	done     = "done"
	waits    = "waits"
	hopeless = "" // waiting longer cannot help
)

func TestConditionsOfTheKinds(t *testing.T) {
	cases := map[string]struct {
		object, want, message string
	}{
		"a Deployment whose change nobody has seen": {`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, generation: 2}
spec: {replicas: 1}
status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1}`, waits, "to be observed"},
		"a Deployment with an old pod left": {`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, generation: 2}
spec: {replicas: 1}
status: {observedGeneration: 2, replicas: 2, updatedReplicas: 1, availableReplicas: 2}`, waits, "1 old replicas"},
		"a Deployment that made it": {`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, generation: 2}
spec: {replicas: 1}
status: {observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1}`, done, ""},
		"a Deployment that gave up": {`
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, generation: 1}
spec: {replicas: 1}
status: {observedGeneration: 1, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded}]}`,
			hopeless, "exceeded its progress deadline"},
		"a StatefulSet short of a pod": {`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: kafka, generation: 1}
spec: {replicas: 3, updateStrategy: {type: RollingUpdate}}
status: {observedGeneration: 1, readyReplicas: 2}`, waits, "1 pods to be ready"},
		"a StatefulSet replaced by hand": {`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: kafka, generation: 2}
spec: {replicas: 3, updateStrategy: {type: OnDelete}}
status: {observedGeneration: 2, readyReplicas: 3, currentRevision: a, updateRevision: b}`, done, ""},
		"a StatefulSet replaced by hand, a pod away": {`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: kafka, generation: 2}
spec: {replicas: 3, updateStrategy: {type: OnDelete}}
status: {observedGeneration: 2, readyReplicas: 2}`, waits, "1 pods to be ready"},
		"a Job at work": {`
apiVersion: batch/v1
kind: Job
status: {active: 1}`, waits, "1 active"},
		"a Job that is through": {`
apiVersion: batch/v1
kind: Job
status: {conditions: [{type: Complete, status: "True"}]}`, done, ""},
		"a Job that failed": {`
apiVersion: batch/v1
kind: Job
status: {conditions: [{type: Failed, status: "True", reason: BackoffLimitExceeded, message: too often}]}`,
			hopeless, "BackoffLimitExceeded: too often"},
		"a suspended Job": {`
apiVersion: batch/v1
kind: Job
spec: {suspend: true}`, done, ""},
		"a pending claim": {`
apiVersion: v1
kind: PersistentVolumeClaim
status: {phase: Pending}`, waits, "bound (now Pending)"},
		"a bound claim": {`
apiVersion: v1
kind: PersistentVolumeClaim
spec: {resources: {requests: {storage: 1024Mi}}}
status: {phase: Bound, capacity: {storage: 1Gi}}`, done, ""},
		"a growing claim": {`
apiVersion: v1
kind: PersistentVolumeClaim
spec: {resources: {requests: {storage: 2Gi}}}
status: {phase: Bound, capacity: {storage: 1Gi}}`, waits, "from 1Gi to 2Gi"},
		"a claim whose file system grows at the next start of its pod": {`
apiVersion: v1
kind: PersistentVolumeClaim
spec: {resources: {requests: {storage: 2Gi}}}
status: {phase: Bound, capacity: {storage: 1Gi}, conditions: [{type: FileSystemResizePending, status: "True"}]}`,
			done, ""},
		"a claim without its volume": {`
apiVersion: v1
kind: PersistentVolumeClaim
status: {phase: Lost}`, hopeless, "lost its volume"},
		"an Ingress without an address": {`
apiVersion: networking.k8s.io/v1
kind: Ingress
status: {loadBalancer: {}}`, waits, "address"},
		"an Ingress with an address": {`
apiVersion: networking.k8s.io/v1
kind: Ingress
status: {loadBalancer: {ingress: [{ip: 198.51.100.1}]}}`, done, ""},
		"a LoadBalancer without an address": {`
apiVersion: v1
kind: Service
spec: {type: LoadBalancer}`, waits, "address"},
		"a namespace": {`
apiVersion: v1
kind: Namespace
status: {phase: Active}`, done, ""},
		"a kind that is not served yet": {`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
status: {conditions: [{type: Established, status: "False"}]}`, waits, "Established"},
		"a failed pod": {`
apiVersion: v1
kind: Pod
status: {phase: Failed, message: evicted}`, hopeless, "evicted"},
	}
	for name, example := range cases {
		t.Run(name, func(t *testing.T) {
			live := object(t, example.object)
			condition, err := conditionOf(live)
			if err != nil || condition == nil {
				t.Fatalf("there is no condition for it: %v", err)
			}
			progress, err := condition(live)
			expect(t, progress, err, example.want, example.message)
		})
	}
}

func expect(t *testing.T, progress Progress, err error, want, message string) {
	t.Helper()
	said := progress.Message
	if err != nil {
		said = err.Error()
	}
	if (err != nil) != (want == hopeless) || progress.Done != (want == done) {
		t.Errorf("done: %t, error: %v; want %q", progress.Done, err, want)
	}
	if want != done && !strings.Contains(said, message) {
		t.Errorf("%q does not say %q", said, message)
	}
}

func TestKindsThatJustExistAreNotAwaited(t *testing.T) {
	for _, text := range []string{
		"{apiVersion: v1, kind: ConfigMap}",
		"{apiVersion: example.org/v1, kind: Deployment}",
		`{apiVersion: apps/v1, kind: Deployment, metadata: {annotations: {pulumi.com/skipAwait: "true"}}}`,
	} {
		if condition, err := conditionOf(object(t, text)); condition != nil || err != nil {
			t.Errorf("%s is awaited (error: %v)", text, err)
		}
	}
}

func TestWhatAnAnnotationWaitsFor(t *testing.T) {
	status := `
metadata: {generation: 2}
status:
  phase: Running
  conditions:
  - {type: Ready, status: "True"}
  - {type: Stale, status: "True", observedGeneration: 1}
  - {type: Paused, status: "False"}`
	for expression, want := range map[string]string{
		"condition=Ready":                             done,
		"condition=ready":                             done,
		"condition=Paused":                            waits,
		"condition=Paused=False":                      done,
		"condition=Stale":                             waits,
		"condition=Missing":                           waits,
		"jsonpath={.status.phase}=Running":            done,
		"jsonpath={.status.phase}=Done":               waits,
		"jsonpath={.status.phase}":                    done,
		"jsonpath={.status.address}":                  waits,
		`["condition=Ready", "condition=Paused"]`:     waits,
		`["condition=Ready", "jsonpath={.status}"]`:   done,
		`jsonpath={.status.conditions[0].type}=Ready`: done,
	} {
		condition, err := parseWaitFor(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		progress, err := condition(object(t, "kind: Kafka"+status))
		t.Run(expression, func(t *testing.T) { expect(t, progress, err, want, "waiting for") })
	}
}

func TestAnnotationsThatCannotBeFollowedAreRefused(t *testing.T) {
	for name, value := range map[string]string{
		skipAnnotation: "yes", timeoutAnnotation: "5m", waitForAnnotation: "Ready",
	} {
		err := CheckAnnotations(map[string]any{
			"metadata": map[string]any{"annotations": map[string]any{name: value}},
		})
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), value) {
			t.Errorf("%s: %s gives %v; the annotation and its value have to be named", name, value, err)
		}
	}
	for _, bad := range []string{"condition=", "jsonpath=.status", "jsonpath={.status}x", "[1]", "jsonpath={.a[}"} {
		if _, err := parseWaitFor(bad); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

func TestTheTimeoutComesFromTheOptionThenTheAnnotation(t *testing.T) {
	annotated := object(t, `{kind: Job, metadata: {annotations: {pulumi.com/timeoutSeconds: "30"}}}`)
	plain := object(t, "{kind: Job}")
	for _, example := range []struct {
		object *unstructured.Unstructured
		option float64
		want   time.Duration
	}{{annotated, 5, 5 * time.Second}, {annotated, 0, 30 * time.Second}, {plain, 0, 10 * time.Minute}} {
		if got := Timeout(example.object, example.option); got != example.want {
			t.Errorf("got %s, want %s", got, example.want)
		}
	}
}

func TestOnlyServicesWithAnAddressAndASelectorNeedEndpoints(t *testing.T) {
	for text, want := range map[string]bool{
		"{spec: {selector: {a: b}, clusterIP: 10.0.0.1}}":       true,
		"{spec: {selector: {a: b}, clusterIP: None}}":           false,
		"{spec: {clusterIP: 10.0.0.1}}":                         false,
		"{spec: {type: ExternalName, selector: {a: b}}}":        false,
		"{spec: {type: NodePort, selector: {a: b}, x: [a, b]}}": true,
	} {
		if got := needsEndpoints(object(t, "{kind: Service, "+text[1:])); got != want {
			t.Errorf("%s: %t, want %t", text, got, want)
		}
	}
}

func TestAnEndpointCountsWhenItIsReady(t *testing.T) {
	for text, want := range map[string]bool{
		"[]": false,
		"[{addresses: [10.0.0.1], conditions: {ready: true}}]":  true,
		"[{addresses: [10.0.0.1]}]":                             true,
		"[{addresses: [10.0.0.1], conditions: {ready: false}}]": false,
	} {
		if got := hasReadyEndpoint(object(t, "{kind: EndpointSlice, endpoints: "+text+"}")); got != want {
			t.Errorf("%s: %t, want %t", text, got, want)
		}
	}
}

func TestPodsTellTheirTroubles(t *testing.T) {
	var pod corev1.Pod
	if err := yaml.Unmarshal([]byte(`
metadata: {name: web-0}
status:
  conditions: [{type: PodScheduled, status: "False", message: no node fits}]
  containerStatuses:
  - {name: fine, state: {waiting: {reason: ContainerCreating}}}
  - name: broken
    state: {waiting: {reason: CrashLoopBackOff, message: back-off}}
    lastState: {terminated: {exitCode: 137, reason: OOMKilled}}`), &pod); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(podTrouble(&pod), "; ")
	want := "pod web-0: no node fits; pod web-0: container broken: CrashLoopBackOff back-off (last exit code 137 OOMKilled)"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
