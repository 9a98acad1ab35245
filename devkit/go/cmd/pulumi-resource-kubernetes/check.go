package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"efd.local/devkit/internal/await"
	"efd.local/devkit/internal/cluster"
	"efd.local/devkit/internal/object"
)

// Check completes a program's inputs: namespace, name, and the form in which the server keeps them.
func (p *kubernetesProvider) Check(ctx context.Context, request sdk.CheckRequest) (sdk.CheckResponse, error) {
	fail := func(property resource.PropertyKey, err error) (sdk.CheckResponse, error) {
		return sdk.CheckResponse{Failures: []sdk.CheckFailure{{Property: property, Reason: err.Error()}}}, nil
	}
	kind, err := kindIn(object.FromProperties(request.News), request.Type)
	if err != nil {
		return fail("kind", err)
	}
	if object.HasFile(resource.NewObjectProperty(request.News)) {
		return fail("", fmt.Errorf("%s: assets and archives have no place in a Kubernetes object", kind.Kind))
	}
	inputs := request.News.Copy()
	object.DropReadOnly(inputs)
	inputs["apiVersion"] = resource.NewStringProperty(kind.GroupVersion().String())
	inputs["kind"] = resource.NewStringProperty(kind.Kind)
	inputs = object.SealData(kind.Kind, object.EncodeStringData(kind.Kind, inputs))
	switch err := p.checkNamespace(kind, inputs); {
	case cluster.IsUnknownKind(err):
		return fail("kind", err)
	case err != nil:
		return sdk.CheckResponse{}, err
	}
	if err := checkName(request, inputs); err != nil {
		return fail("metadata.name", err)
	}
	if err := await.CheckAnnotations(object.FromProperties(inputs)); err != nil {
		return fail("metadata.annotations", err)
	}
	p.remember(kind, object.FromProperties(request.Olds))
	return sdk.CheckResponse{Properties: inputs}, nil
}

// checkNamespace names the namespace that an object without one would get.
func (p *kubernetesProvider) checkNamespace(kind schema.GroupVersionKind, inputs resource.PropertyMap) error {
	if p.cluster == nil {
		return nil
	}
	mapping, err := p.cluster.Mapping(kind)
	var unknown *cluster.UnknownKindError
	switch {
	case errors.As(err, &unknown) && !unknown.IsBuiltIn():
		return nil // a kind that this very program may bring along; Create tells
	case err != nil:
		return err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return nil
	}
	object.EditMetadata(inputs, func(metadata resource.PropertyMap) {
		if _, given := metadata["namespace"]; !given {
			metadata["namespace"] = resource.NewStringProperty(p.cluster.Namespace)
		}
	})
	return nil
}

// checkName gives an object a name if the program leaves that to the provider. An update keeps the
// name that was chosen before.
func checkName(request sdk.CheckRequest, inputs resource.PropertyMap) error {
	var failure error
	object.EditMetadata(inputs, func(metadata resource.PropertyMap) {
		_, named := metadata["name"]
		_, prefixed := metadata["generateName"]
		if named || prefixed {
			return
		}
		name, err := chooseName(request)
		if err != nil {
			failure = err
			return
		}
		metadata["name"] = resource.NewStringProperty(name)
		object.Annotate(metadata, object.AutonamedAnnotation, "true")
	})
	return failure
}

func chooseName(request sdk.CheckRequest) (string, error) {
	older := object.FromProperties(request.Olds)
	if name := object.Metadata(older, "name"); name != "" && object.IsAutonamed(older) {
		return name, nil
	}
	if naming := request.Autonaming; naming != nil {
		if naming.Mode == sdk.AutonamingModeDisabled {
			return "", fmt.Errorf("is missing, and automatic naming is disabled")
		}
		if naming.ProposedName != "" {
			return naming.ProposedName, nil
		}
	}
	const suffixLength = 8
	return resource.NewUniqueName(request.RandomSeed, request.URN.Name()+"-", suffixLength, 0, nil)
}

// identity tells an object from every other one in a cluster.
type identity struct {
	schema.GroupKind
	namespace, name string
}

func identify(kind schema.GroupKind, of map[string]any) identity {
	return identity{kind, object.Metadata(of, "namespace"), object.Metadata(of, "name")}
}

// remember notes that the stack's state holds an object, so that the preview of its replacement
// does not take it for a stranger's.
func (p *kubernetesProvider) remember(kind schema.GroupVersionKind, older map[string]any) {
	if len(older) > 0 {
		p.known.Store(identify(kind.GroupKind(), older), true)
	}
}
