package main

import (
	"context"
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/util/csaupgrade"
	"k8s.io/client-go/util/retry"

	"efd.local/devkit/internal/await"
	"efd.local/devkit/internal/object"
)

// Update applies the inputs on the server's side, so that fields of others stay and conflicts with
// them are told, and waits until the object works.
func (p *kubernetesProvider) Update(ctx context.Context, request sdk.UpdateRequest) (sdk.UpdateResponse, error) {
	ctx, done := p.operation(ctx, request.URN)
	defer done()
	inputs := normal(request.NewInputs)
	manager := fieldManager(request.URN, inputs, request.OldOutputs)
	if request.Preview && (p.cluster == nil || object.HasUnknown(inputs)) {
		forecast := object.Overlay(object.FromProperties(request.OldOutputs), inputs)
		return sdk.UpdateResponse{Properties: outputsOf(forecast, request.NewInputs, manager)}, nil
	}
	place, err := p.targetWithID(request.Type, inputs, request.ID)
	if err != nil {
		return sdk.UpdateResponse{}, p.failure(err, place, request.NewInputs)
	}
	apply := p.apply
	if request.Preview {
		apply = p.tryApply
	}
	applied, err := apply(ctx, place, inputs, manager)
	if err != nil {
		return sdk.UpdateResponse{}, p.failure(err, place, request.NewInputs)
	}
	if request.Preview {
		return sdk.UpdateResponse{Properties: outputs(applied, request.NewInputs, manager)}, nil
	}
	live, err := await.Ready(ctx, p.cluster, place.objects, applied,
		await.Timeout(applied, request.Timeout), p.tell(ctx, request.URN))
	state := outputs(live, request.NewInputs, manager)
	if err != nil {
		return sdk.UpdateResponse{}, p.unready(err, place, request.NewInputs, state)
	}
	return sdk.UpdateResponse{Properties: state, Status: resource.StatusOK}, nil
}

// apply first turns what the manager owns by its creation into what it owns by applying: the server
// keeps these apart, and a field that the program drops would otherwise stay, owned by the creation.
func (p *kubernetesProvider) apply(
	ctx context.Context, place target, inputs map[string]any, manager string,
) (*unstructured.Unstructured, error) {
	err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
		live, err := place.objects.Get(ctx, place.name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		patch, err := csaupgrade.UpgradeManagedFieldsPatch(live, sets.New(manager), manager)
		if err != nil || patch == nil {
			return err
		}
		_, err = place.objects.Patch(ctx, place.name, types.JSONPatchType, patch, metav1.PatchOptions{})
		return err
	})
	if err != nil {
		return nil, err
	}
	return patch(ctx, place, inputs, manager, forced(inputs), nil)
}

// tryApply asks the server what apply would do. It cannot move the ownership first, so a conflict
// with nobody but the manager's own creation is none.
func (p *kubernetesProvider) tryApply(
	ctx context.Context, place target, inputs map[string]any, manager string,
) (*unstructured.Unstructured, error) {
	if _, err := place.objects.Get(ctx, place.name, metav1.GetOptions{}); err != nil {
		return nil, err // an apply would silently create an object that somebody deleted
	}
	dryRun := []string{metav1.DryRunAll}
	applied, err := patch(ctx, place, inputs, manager, forced(inputs), dryRun)
	if conflict := conflictsOf(err); len(conflict) > 0 && conflict.onlyWith(manager) {
		return patch(ctx, place, inputs, manager, true, dryRun)
	}
	return applied, err
}

func patch(
	ctx context.Context, place target, inputs map[string]any, manager string, force bool, dryRun []string,
) (*unstructured.Unstructured, error) {
	body, err := json.Marshal(object.Overlay(inputs, map[string]any{
		"metadata": map[string]any{"name": place.name},
	}))
	if err != nil {
		return nil, err
	}
	return place.objects.Patch(ctx, place.name, types.ApplyPatchType, body, metav1.PatchOptions{
		FieldManager: manager, FieldValidation: metav1.FieldValidationStrict, Force: &force, DryRun: dryRun,
	})
}

// forced reports whether the program wants to take fields from other managers.
func forced(inputs map[string]any) bool {
	return object.Annotation(inputs, forceAnnotation) == "true"
}
