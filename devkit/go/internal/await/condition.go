package await

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Progress is how far an object has come.
type Progress struct {
	Done    bool
	Message string // what is still missing
}

// Condition looks at a live object. An error means that waiting longer cannot help.
type Condition func(object *unstructured.Unstructured) (Progress, error)

func waiting(format string, arguments ...any) Progress {
	return Progress{Message: "waiting for " + strings.TrimSpace(fmt.Sprintf(format, arguments...))}
}

var conditions = map[schema.GroupKind]Condition{
	{Group: "apps", Kind: "DaemonSet"}:                                daemonSet,
	{Group: "apps", Kind: "Deployment"}:                               deployment,
	{Group: "apps", Kind: "StatefulSet"}:                              statefulSet,
	{Group: "batch", Kind: "Job"}:                                     job,
	{Group: "networking.k8s.io", Kind: "Ingress"}:                     loadBalancer,
	{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}: hasCondition("Established", "True"),
	{Kind: "PersistentVolumeClaim"}:                                   claim,
	{Kind: "Namespace"}:                                               namespace,
	{Kind: "Pod"}:                                                     pod,
	{Kind: "Service"}:                                                 service,
}

// conditionOf is what the object's annotation says it waits for, or what its kind waits for, or nil.
func conditionOf(object *unstructured.Unstructured) (Condition, error) {
	if Skipped(object) {
		return nil, nil
	}
	if text := object.GetAnnotations()[waitForAnnotation]; text != "" {
		return parseWaitFor(text)
	}
	return conditions[object.GroupVersionKind().GroupKind()], nil
}

func job(object *unstructured.Unstructured) (Progress, error) {
	if failed := findCondition(object, "Failed"); failed != nil && failed["status"] == "True" {
		return Progress{}, fmt.Errorf("the Job failed: %v: %v", failed["reason"], failed["message"])
	}
	complete := findCondition(object, "Complete")
	suspended, _, _ := unstructured.NestedBool(object.Object, "spec", "suspend")
	if suspended || complete != nil && complete["status"] == "True" {
		return Progress{Done: true}, nil
	}
	status := func(field string) int64 { return number(object, "status", field) }
	return waiting("the Job to complete: %d active, %d succeeded, %d failed",
		status("active"), status("succeeded"), status("failed")), nil
}

// Failed reports whether the object is a Job that has given up.
func Failed(fields map[string]any) bool {
	object := &unstructured.Unstructured{Object: fields}
	if object.GroupVersionKind().GroupKind() != (schema.GroupKind{Group: "batch", Kind: "Job"}) {
		return false
	}
	failed := findCondition(object, "Failed")
	return failed != nil && failed["status"] == "True"
}

// claim waits until a claim is bound and, after a growth, until its volume has followed. A file
// system that only grows when its pod restarts is not waited for.
func claim(object *unstructured.Unstructured) (Progress, error) {
	phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
	switch phase {
	case "Bound":
	case "Lost":
		return Progress{}, fmt.Errorf("the claim has lost its volume")
	default:
		return waiting("the claim to be bound (now %s)", phase), nil
	}
	wanted, _, _ := unstructured.NestedString(object.Object, "spec", "resources", "requests", "storage")
	actual, _, _ := unstructured.NestedString(object.Object, "status", "capacity", "storage")
	if resizing := findCondition(object, "FileSystemResizePending"); resizing != nil {
		return Progress{Done: true}, nil
	}
	request, err := resource.ParseQuantity(wanted)
	if err != nil {
		return Progress{Done: true}, nil //nolint:nilerr // a claim without a size has nothing to grow to
	}
	capacity, err := resource.ParseQuantity(actual)
	if err != nil || capacity.Cmp(request) < 0 {
		return waiting("the volume to grow from %s to %s", actual, wanted), nil
	}
	return Progress{Done: true}, nil
}

// loadBalancer waits for an address to reach an Ingress or a Service at.
func loadBalancer(object *unstructured.Unstructured) (Progress, error) {
	addresses, _, _ := unstructured.NestedSlice(object.Object, "status", "loadBalancer", "ingress")
	if len(addresses) == 0 {
		return waiting("a load balancer's address"), nil
	}
	return Progress{Done: true}, nil
}

func service(object *unstructured.Unstructured) (Progress, error) {
	if kind, _, _ := unstructured.NestedString(object.Object, "spec", "type"); kind == "LoadBalancer" {
		return loadBalancer(object)
	}
	return Progress{Done: true}, nil
}

func namespace(object *unstructured.Unstructured) (Progress, error) {
	if phase, _, _ := unstructured.NestedString(object.Object, "status", "phase"); phase != "Active" {
		return waiting("the namespace to be active (now %s)", phase), nil
	}
	return Progress{Done: true}, nil
}

func pod(object *unstructured.Unstructured) (Progress, error) {
	phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
	switch ready := findCondition(object, "Ready"); {
	case phase == "Failed":
		reason, _, _ := unstructured.NestedString(object.Object, "status", "message")
		return Progress{}, fmt.Errorf("the pod failed: %s", reason)
	case phase == "Succeeded", ready != nil && ready["status"] == "True":
		return Progress{Done: true}, nil
	}
	return waiting("the pod to be ready (now %s)", phase), nil
}

func number(object *unstructured.Unstructured, path ...string) int64 {
	value, _, _ := unstructured.NestedInt64(object.Object, path...)
	return value
}
