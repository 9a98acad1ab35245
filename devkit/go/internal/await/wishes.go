// Package await waits until a Kubernetes object works, not just exists.
package await

import (
	"fmt"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Annotations by which a program says how an object is awaited.
const (
	skipAnnotation    = "pulumi.com/skipAwait"
	timeoutAnnotation = "pulumi.com/timeoutSeconds"
	waitForAnnotation = "pulumi.com/waitFor"
)

const defaultTimeout = 10 * time.Minute

// Skipped reports whether the object asks not to be awaited.
func Skipped(object *unstructured.Unstructured) bool {
	return object.GetAnnotations()[skipAnnotation] == "true"
}

// Timeout is how long to wait for an object: as the resource's options say (in seconds, 0 for
// nothing said), else as its annotation says, else ten minutes.
func Timeout(object *unstructured.Unstructured, option float64) time.Duration {
	if option > 0 {
		return time.Duration(option * float64(time.Second))
	}
	seconds, err := strconv.Atoi(object.GetAnnotations()[timeoutAnnotation])
	if err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return defaultTimeout
}

// CheckAnnotations reports an annotation that cannot be followed.
func CheckAnnotations(object map[string]any) error {
	annotations := (&unstructured.Unstructured{Object: object}).GetAnnotations()
	if text, ok := annotations[skipAnnotation]; ok && text != "true" && text != "false" {
		return fmt.Errorf("%s is %q; allowed are \"true\" and \"false\"", skipAnnotation, text)
	}
	if text, ok := annotations[timeoutAnnotation]; ok {
		if seconds, err := strconv.Atoi(text); err != nil || seconds <= 0 {
			return fmt.Errorf("%s is %q; a whole number of seconds is needed", timeoutAnnotation, text)
		}
	}
	if text, ok := annotations[waitForAnnotation]; ok {
		if _, err := parseWaitFor(text); err != nil {
			return fmt.Errorf("%s is %q: %w", waitForAnnotation, text, err)
		}
	}
	return nil
}
