package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"efd.local/devkit/internal/await"
	"efd.local/devkit/internal/object"
)

// Diff compares what the program said last time, or what a refresh found there since, with what it
// says now. It does not ask the cluster.
func (p *kubernetesProvider) Diff(_ context.Context, request sdk.DiffRequest) (sdk.DiffResponse, error) {
	older, newer := normal(request.OldInputs), normal(request.NewInputs)
	kind, err := kindIn(newer, request.Type)
	if err != nil {
		return sdk.DiffResponse{}, err
	}
	response := diff(kind.GroupKind(), older, newer)
	if object.Annotation(newer, replaceUnready) == "true" && await.Failed(normal(request.OldOutputs)) {
		response.Changes = sdk.DiffSome
		if response.DetailedDiff == nil {
			response.DetailedDiff = map[string]sdk.PropertyDiff{}
		}
		response.DetailedDiff[fmt.Sprintf("metadata.annotations[%q]", replaceUnready)] =
			sdk.PropertyDiff{Kind: sdk.DiffUpdateReplace, InputDiff: true}
		response.DeleteBeforeReplace = keepsName(older, newer)
	}
	return response, nil
}

// replaceUnready is the annotation of a Job that is made anew when the last one failed: otherwise
// each later run finds the failed one again.
const replaceUnready = "pulumi.com/replaceUnready"

func diff(kind schema.GroupKind, older, newer map[string]any) sdk.DiffResponse {
	differences := object.Differences(older, newer)
	if len(differences) == 0 {
		return sdk.DiffResponse{Changes: sdk.DiffNone}
	}
	response := sdk.DiffResponse{Changes: sdk.DiffSome, DetailedDiff: map[string]sdk.PropertyDiff{}}
	for _, difference := range differences {
		change := sdk.PropertyDiff{Kind: difference.Kind, InputDiff: true}
		if object.Replaces(kind, difference) {
			change = change.ToReplace()
			response.DeleteBeforeReplace = keepsName(older, newer)
		}
		response.DetailedDiff[difference.Name()] = change
	}
	return response
}

// keepsName reports whether the successor of an object needs its name, so that the two cannot exist
// side by side.
func keepsName(older, newer map[string]any) bool {
	name := object.Metadata(newer, "name")
	return name != "" && !object.IsAutonamed(newer) &&
		name == object.Metadata(older, "name") &&
		object.Metadata(newer, "namespace") == object.Metadata(older, "namespace")
}

// normal is the object of a property map, in the form that Check gives it.
func normal(properties resource.PropertyMap) map[string]any {
	kind := text(properties, "kind")
	return object.FromProperties(object.EncodeStringData(kind, properties.Copy()))
}
