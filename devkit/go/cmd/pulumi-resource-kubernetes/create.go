package main

import (
	"context"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"

	"efd.local/devkit/internal/await"
	"efd.local/devkit/internal/cluster"
	"efd.local/devkit/internal/object"
)

// patience is how long a creation waits for a kind or namespace that was only just made.
var patience = wait.Backoff{Duration: 250 * time.Millisecond, Factor: 2, Steps: 6}

// Create posts a new object and waits until it works. An object that exists already is an error.
func (p *kubernetesProvider) Create(ctx context.Context, request sdk.CreateRequest) (sdk.CreateResponse, error) {
	ctx, done := p.operation(ctx, request.URN)
	defer done()
	inputs := object.FromProperties(request.Properties)
	manager := fieldManager(request.URN, inputs, nil)
	if request.Preview {
		return p.tryCreate(ctx, request, inputs, manager)
	}
	created, place, err := p.createPatiently(ctx, request, inputs, manager)
	if err != nil {
		return sdk.CreateResponse{}, p.failure(err, place, request.Properties)
	}
	live, err := await.Ready(ctx, p.cluster, place.objects, created,
		await.Timeout(created, request.Timeout), p.tell(ctx, request.URN))
	state := outputs(live, request.Properties, manager)
	if err != nil {
		return sdk.CreateResponse{}, p.unready(err, place, request.Properties, state)
	}
	return sdk.CreateResponse{ID: place.id(), Properties: state, Status: resource.StatusOK}, nil
}

// tryCreate asks the server whether it would take the object. What it cannot tell yet, because the
// object's values, namespace or kind are still to come, it leaves to the real creation.
func (p *kubernetesProvider) tryCreate(
	ctx context.Context, request sdk.CreateRequest, inputs map[string]any, manager string,
) (sdk.CreateResponse, error) {
	response := sdk.CreateResponse{Properties: request.Properties, Status: resource.StatusOK}
	if p.cluster == nil || object.HasUnknown(inputs) {
		return response, nil
	}
	created, place, err := p.create(ctx, request, inputs, manager)
	switch {
	case err == nil:
		forecast := object.Forecast(object.State(created.Object), inputs)
		response.Properties = outputsOf(forecast, request.Properties, manager)
		return response, nil
	case cluster.IsUnknownKind(err), apierrors.IsNotFound(err), p.replaces(err, place, inputs):
		return response, nil
	}
	return sdk.CreateResponse{}, p.failure(err, place, request.Properties)
}

// replaces reports whether the object in the way of a creation is the one that will be deleted for it.
func (p *kubernetesProvider) replaces(err error, place target, inputs map[string]any) bool {
	if !apierrors.IsAlreadyExists(err) {
		return false
	}
	_, known := p.known.Load(identify(place.kind.GroupKind(), inputs))
	return known
}

func (p *kubernetesProvider) createPatiently(
	ctx context.Context, request sdk.CreateRequest, inputs map[string]any, manager string,
) (created *unstructured.Unstructured, place target, err error) {
	_ = wait.ExponentialBackoffWithContext(ctx, patience, func(ctx context.Context) (bool, error) {
		created, place, err = p.create(ctx, request, inputs, manager)
		missing := cluster.IsUnknownKind(err) || apierrors.IsNotFound(err)
		if missing && p.cluster != nil {
			p.tell(ctx, request.URN)("waiting for its kind and namespace to be known to the server")
			p.cluster.Discover()
		}
		return !missing, nil
	})
	return created, place, err
}

func (p *kubernetesProvider) create(
	ctx context.Context, request sdk.CreateRequest, inputs map[string]any, manager string,
) (*unstructured.Unstructured, target, error) {
	place, err := p.targetOf(request.Type, inputs)
	if err != nil {
		return nil, place, err
	}
	options := metav1.CreateOptions{FieldManager: manager, FieldValidation: metav1.FieldValidationStrict}
	if request.Preview {
		options.DryRun = []string{metav1.DryRunAll}
	}
	created, err := place.objects.Create(ctx, &unstructured.Unstructured{Object: inputs}, options)
	if err == nil {
		place.name = created.GetName()
	}
	return created, place, err
}
