package await

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

var errDeleted = errors.New("it was deleted in the meantime")

// follow looks at an object, now and after each change, until look says done. It watches from the
// state at hand on, which costs no list; a watch that breaks starts again from a fresh look.
func follow(
	ctx context.Context, objects dynamic.ResourceInterface, live *unstructured.Unstructured,
	look func(*unstructured.Unstructured) (bool, error),
) error {
	name := live.GetName()
	for {
		done, verdict := look(live)
		if done || verdict != nil {
			return verdict
		}
		_, err := watchtools.Until(ctx, live.GetResourceVersion(), single(objects, name),
			func(event watch.Event) (bool, error) {
				object, ok := event.Object.(*unstructured.Unstructured)
				switch {
				case event.Type == watch.Error:
					return false, apierrors.FromObject(event.Object)
				case event.Type == watch.Deleted:
					verdict = errDeleted
				case ok:
					done, verdict = look(object)
				}
				return done || verdict != nil, nil
			})
		if err == nil || ctx.Err() != nil {
			return cmp.Or(verdict, err)
		}
		if live, err = objects.Get(ctx, name, metav1.GetOptions{}); apierrors.IsNotFound(err) {
			return errDeleted
		} else if err != nil {
			return err
		}
	}
}

// Gone waits until the object with this uid exists no more. Another one may have taken its name.
func Gone(ctx context.Context, objects dynamic.ResourceInterface, name, uid string) error {
	live, err := objects.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	err = follow(ctx, objects, live, func(object *unstructured.Unstructured) (bool, error) {
		live = object
		return uid != "" && string(object.GetUID()) != uid, nil
	})
	switch {
	case err == nil, errors.Is(err, errDeleted):
		return nil
	case len(live.GetFinalizers()) > 0:
		return fmt.Errorf("still there, held by its finalizers %v: %w", live.GetFinalizers(), err)
	}
	return fmt.Errorf("still there: %w", err)
}

func single(objects dynamic.ResourceInterface, name string) cache.ListerWatcher {
	return listWatch(objects, func(options *metav1.ListOptions) {
		options.FieldSelector = "metadata.name=" + name
	})
}

func listWatch(objects dynamic.ResourceInterface, narrow func(*metav1.ListOptions)) cache.ListerWatcher {
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			narrow(&options)
			return objects.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			narrow(&options)
			return objects.Watch(ctx, options)
		},
	}
}
