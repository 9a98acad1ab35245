package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"efd.local/devkit/internal/await"
	"efd.local/devkit/internal/cluster"
	"efd.local/devkit/internal/object"
)

const propagationAnnotation = "pulumi.com/deletionPropagationPolicy"

// Delete deletes an object, its dependents first, and waits until it is gone.
func (p *kubernetesProvider) Delete(ctx context.Context, request sdk.DeleteRequest) (sdk.DeleteResponse, error) {
	ctx, done := p.operation(ctx, request.URN)
	defer done()
	state := object.FromProperties(request.Outputs)
	place, err := p.targetWithID(request.Type, state, request.ID)
	if cluster.IsUnknownKind(err) {
		return sdk.DeleteResponse{Status: resource.StatusOK}, nil
	}
	if err != nil {
		return sdk.DeleteResponse{}, p.failure(err, place, request.Outputs)
	}
	policy, err := propagation(state)
	if err != nil {
		return sdk.DeleteResponse{}, p.failure(err, place, request.Outputs)
	}
	err = place.objects.Delete(ctx, place.name, metav1.DeleteOptions{PropagationPolicy: &policy})
	if apierrors.IsNotFound(err) {
		return sdk.DeleteResponse{Status: resource.StatusOK}, nil
	}
	if err != nil {
		return sdk.DeleteResponse{}, p.failure(err, place, request.Outputs)
	}
	deleted := &unstructured.Unstructured{Object: state}
	if await.Skipped(deleted) {
		return sdk.DeleteResponse{Status: resource.StatusOK}, nil
	}
	limited, cancel := context.WithTimeout(ctx, await.Timeout(deleted, request.Timeout))
	defer cancel()
	if err := await.Gone(limited, place.objects, place.name, object.Metadata(state, "uid")); err != nil {
		return sdk.DeleteResponse{}, p.failure(err, place, request.Outputs)
	}
	return sdk.DeleteResponse{Status: resource.StatusOK}, nil
}

func propagation(state map[string]any) (metav1.DeletionPropagation, error) {
	switch policy := object.Annotation(state, propagationAnnotation); policy {
	case "", "foreground":
		return metav1.DeletePropagationForeground, nil
	case "background":
		return metav1.DeletePropagationBackground, nil
	case "orphan":
		return metav1.DeletePropagationOrphan, nil
	default:
		return "", fmt.Errorf("%s is %q; allowed are foreground, background and orphan", propagationAnnotation, policy)
	}
}
