package await

import (
	"context"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	watchtools "k8s.io/client-go/tools/watch"

	"efd.local/devkit/internal/cluster"
)

// needsEndpoints reports whether a Service stands for pods behind one address: not a headless one,
// whose names are needed before its pods are ready, not an alias, and not one whose endpoints are
// kept by somebody else.
func needsEndpoints(service *unstructured.Unstructured) bool {
	spec, _, _ := unstructured.NestedMap(service.Object, "spec")
	selector, _ := spec["selector"].(map[string]any)
	return len(selector) > 0 && spec["clusterIP"] != "None" && spec["type"] != "ExternalName"
}

// endpoints waits until a Service leads to at least one ready pod.
func endpoints(ctx context.Context, target *cluster.Cluster, service *unstructured.Unstructured) error {
	slices := target.Resource(discoveryv1.SchemeGroupVersion.WithResource("endpointslices"), service.GetNamespace())
	ofService := listWatch(slices, func(options *metav1.ListOptions) {
		options.LabelSelector = discoveryv1.LabelServiceName + "=" + service.GetName()
	})
	_, err := watchtools.UntilWithSync(ctx, ofService, &unstructured.Unstructured{}, nil,
		func(event watch.Event) (bool, error) {
			object, ok := event.Object.(*unstructured.Unstructured)
			return ok && event.Type != watch.Deleted && hasReadyEndpoint(object), nil
		})
	return err
}

func hasReadyEndpoint(object *unstructured.Unstructured) bool {
	var slice discoveryv1.EndpointSlice
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, &slice); err != nil {
		return false
	}
	for _, endpoint := range slice.Endpoints {
		if ready := endpoint.Conditions.Ready; len(endpoint.Addresses) > 0 && (ready == nil || *ready) {
			return true
		}
	}
	return false
}
