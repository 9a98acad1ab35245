package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"efd.local/devkit/internal/object"
)

const (
	managerAnnotation = "pulumi.com/patchFieldManager"
	forceAnnotation   = "pulumi.com/patchForce"
	managerProperty   = "__fieldManager"
	versionProperty   = "__initialApiVersion"
)

// target is the place of one object in the cluster.
type target struct {
	kind      schema.GroupVersionKind
	namespace string
	name      string
	objects   dynamic.ResourceInterface
}

// String names the object for messages.
func (t target) String() string {
	return fmt.Sprintf("%s %s", t.kind.Kind, t.id())
}

// id is the object's Pulumi id: namespace/name, or the name alone for a cluster-wide object.
func (t target) id() resource.ID {
	if t.namespace == "" {
		return resource.ID(t.name)
	}
	return resource.ID(t.namespace + "/" + t.name)
}

// targetOf finds the place of an object that a program describes.
func (p *kubernetesProvider) targetOf(token tokens.Type, inputs map[string]any) (target, error) {
	kind, err := kindIn(inputs, token)
	if err != nil {
		return target{}, err
	}
	return p.locate(kind, object.Metadata(inputs, "namespace"), object.Metadata(inputs, "name"))
}

// targetWithID finds the place of an object by its id.
func (p *kubernetesProvider) targetWithID(token tokens.Type, inputs map[string]any, id resource.ID) (target, error) {
	kind, err := kindIn(inputs, token)
	if err != nil {
		return target{}, err
	}
	namespace, name, found := strings.Cut(string(id), "/")
	if !found {
		namespace, name = "", string(id)
	}
	return p.locate(kind, namespace, name)
}

func (p *kubernetesProvider) locate(kind schema.GroupVersionKind, namespace, name string) (target, error) {
	if p.cluster == nil {
		return target{}, errUnconfigured
	}
	mapping, err := p.cluster.Mapping(kind)
	if err != nil {
		return target{}, err
	}
	switch {
	case mapping.Scope.Name() == meta.RESTScopeNameRoot:
		namespace = ""
	case namespace == "":
		namespace = p.cluster.Namespace
	}
	return target{kind, namespace, name, p.cluster.Objects(mapping, namespace)}, nil
}

// fieldManager is the name under which this resource owns fields: the one that its state tells,
// else one of its own, so that two resources that write one object see each other.
func fieldManager(urn resource.URN, inputs map[string]any, state resource.PropertyMap) string {
	if manager := object.Annotation(inputs, managerAnnotation); manager != "" {
		return manager
	}
	if manager := text(state, managerProperty); manager != "" {
		return manager
	}
	hash := sha256.Sum256([]byte(urn))
	return "pulumi-kubernetes-" + hex.EncodeToString(hash[:4])
}

// outputs is a resource's state after the server's answer, secret where the inputs are.
func outputs(live *unstructured.Unstructured, inputs resource.PropertyMap, manager string) resource.PropertyMap {
	return outputsOf(object.State(live.Object), inputs, manager)
}

func outputsOf(state map[string]any, inputs resource.PropertyMap, manager string) resource.PropertyMap {
	kind, _ := state["kind"].(string)
	properties := object.SealData(kind, object.SealLike(object.ToProperties(state), inputs))
	properties[managerProperty] = resource.NewStringProperty(manager)
	if version, ok := state["apiVersion"].(string); ok {
		properties[versionProperty] = resource.NewStringProperty(version)
	}
	return properties
}
