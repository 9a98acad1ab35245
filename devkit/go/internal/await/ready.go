package await

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"

	"efd.local/devkit/internal/cluster"
)

const troubleInterval = 5 * time.Second

// Ready waits until the object works and tells its progress. It returns the object's last state,
// with an error if it does not work in time.
func Ready(
	ctx context.Context, target *cluster.Cluster, objects dynamic.ResourceInterface,
	object *unstructured.Unstructured, timeout time.Duration, tell func(string),
) (*unstructured.Unstructured, error) {
	condition, err := conditionOf(object)
	if err != nil || condition == nil {
		return object, err
	}
	progress, err := condition(object)
	if err != nil {
		return object, err
	}
	plain := object.GetAnnotations()[waitForAnnotation] == ""
	withEndpoints := plain && object.GetKind() == "Service" && needsEndpoints(object)
	if progress.Done && !withEndpoints || plain && waitsForPod(ctx, target, object) {
		return object, nil
	}
	waiter := &waiter{target: target, tell: tell, live: object}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if withEndpoints {
		waiter.report("waiting for a ready pod behind the Service")
		err = endpoints(limited, target, object)
	}
	if err == nil && !progress.Done {
		waiter.report(progress.Message)
		err = waiter.wait(limited, objects, condition)
	}
	if err != nil && ctx.Err() == nil {
		waiter.trouble = podTroubles(ctx, target, waiter.live)
	}
	return waiter.live, waiter.explain(ctx, err, timeout)
}

// waiter follows one object and remembers what it last heard.
type waiter struct {
	target *cluster.Cluster
	tell   func(string)

	mutex   sync.Mutex
	live    *unstructured.Unstructured
	message string
	trouble string
}

func (w *waiter) wait(ctx context.Context, objects dynamic.ResourceInterface, condition Condition) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go w.lookForTroubles(watching, w.live)
	return follow(ctx, objects, w.live, func(live *unstructured.Unstructured) (bool, error) {
		progress, err := condition(live)
		w.mutex.Lock()
		w.live = live
		w.mutex.Unlock()
		if !progress.Done && err == nil {
			w.report(progress.Message)
		}
		return progress.Done, err
	})
}

func (w *waiter) report(message string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if message != w.message {
		w.message = message
		w.tell(message)
	}
}

func (w *waiter) lookForTroubles(ctx context.Context, workload *unstructured.Unstructured) {
	ticker := time.NewTicker(troubleInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		trouble := podTroubles(ctx, w.target, workload)
		w.mutex.Lock()
		if trouble != w.trouble && ctx.Err() == nil {
			w.trouble = trouble
			if trouble != "" {
				w.tell(w.message + ": " + trouble)
			}
		}
		w.mutex.Unlock()
	}
}

// explain says what was missing when the time was up or the user lost patience.
func (w *waiter) explain(ctx context.Context, err error, timeout time.Duration) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	missing := w.message
	if w.trouble != "" {
		missing += ": " + w.trouble
	}
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("cancelled while %s", missing)
	case wait.Interrupted(err), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("timed out after %s %s", timeout, missing)
	case w.trouble != "":
		return fmt.Errorf("%w: %s", w.target.Explain(err), w.trouble)
	}
	return w.target.Explain(err)
}

// waitsForPod reports whether a claim will stay unbound until a pod uses it, which nobody may wait for.
func waitsForPod(ctx context.Context, target *cluster.Cluster, object *unstructured.Unstructured) bool {
	if object.GetKind() != "PersistentVolumeClaim" {
		return false
	}
	phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
	name, _, _ := unstructured.NestedString(object.Object, "spec", "storageClassName")
	volume, _, _ := unstructured.NestedString(object.Object, "spec", "volumeName")
	if phase == "Bound" || name == "" || volume != "" {
		return false
	}
	classes := schema.GroupVersionResource{Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses"}
	class, err := target.Resource(classes, "").Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return false
	}
	mode, _, _ := unstructured.NestedString(class.Object, "volumeBindingMode")
	return mode == "WaitForFirstConsumer"
}

// Check looks at the object once and reports what is missing, as a refresh does.
func Check(ctx context.Context, target *cluster.Cluster, object *unstructured.Unstructured) error {
	condition, err := conditionOf(object)
	if err != nil || condition == nil {
		return err
	}
	progress, err := condition(object)
	switch {
	case err != nil:
		return err
	case progress.Done, waitsForPod(ctx, target, object):
		return nil
	}
	return errors.New(progress.Message)
}
