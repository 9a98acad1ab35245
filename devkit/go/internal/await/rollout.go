package await

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kubectl/pkg/polymorphichelpers"
)

func deployment(object *unstructured.Unstructured) (Progress, error) {
	return rollout(&polymorphichelpers.DeploymentStatusViewer{}, object)
}

func daemonSet(object *unstructured.Unstructured) (Progress, error) {
	if strategy(object) == "OnDelete" {
		return observed(object)
	}
	return rollout(&polymorphichelpers.DaemonSetStatusViewer{}, object)
}

// statefulSet waits as `kubectl rollout status` does. Pods that are only replaced when somebody
// deletes them just have to be ready.
func statefulSet(object *unstructured.Unstructured) (Progress, error) {
	if strategy(object) != "OnDelete" {
		return rollout(&polymorphichelpers.StatefulSetStatusViewer{}, object)
	}
	if progress, err := observed(object); err != nil || !progress.Done {
		return progress, err
	}
	if missing := number(object, "spec", "replicas") - number(object, "status", "readyReplicas"); missing > 0 {
		return waiting("%d pods to be ready", missing), nil
	}
	return Progress{Done: true}, nil
}

func rollout(viewer polymorphichelpers.StatusViewer, object *unstructured.Unstructured) (Progress, error) {
	message, done, err := viewer.Status(object, 0)
	message = strings.Replace(strings.TrimRight(message, ".\n"), "Waiting for", "waiting for", 1)
	return Progress{Done: done, Message: message}, err
}

func strategy(object *unstructured.Unstructured) string {
	kind, _, _ := unstructured.NestedString(object.Object, "spec", "updateStrategy", "type")
	return kind
}

func observed(object *unstructured.Unstructured) (Progress, error) {
	if number(object, "status", "observedGeneration") < object.GetGeneration() {
		return waiting("the controller to see the change"), nil
	}
	return Progress{Done: true}, nil
}
