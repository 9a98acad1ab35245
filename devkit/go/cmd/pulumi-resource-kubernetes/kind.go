package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// notObjects are the groups of the official provider's types that are no Kubernetes objects.
var notObjects = []string{"helm.sh", "kustomize", "yaml"}

// kindOf is the Kubernetes kind of a resource type such as kubernetes:apps/v1:StatefulSet.
func kindOf(token tokens.Type) (schema.GroupVersionKind, error) {
	parts := strings.Split(string(token), ":")
	if len(parts) != 3 || parts[0] != "kubernetes" {
		return schema.GroupVersionKind{}, fmt.Errorf("%s is not a resource type of the Kubernetes provider", token)
	}
	group, version, found := strings.Cut(parts[1], "/")
	kind := parts[2]
	for _, other := range notObjects {
		if group == other {
			return schema.GroupVersionKind{}, refusal(string(token))
		}
	}
	if strings.HasSuffix(kind, "Patch") || strings.HasSuffix(kind, "List") {
		return schema.GroupVersionKind{}, refusal(string(token))
	}
	if !found {
		return schema.GroupVersionKind{}, errors.New(string(token) + " names no version")
	}
	if group == "core" {
		group = ""
	}
	return schema.GroupVersionKind{Group: group, Version: version, Kind: kind}, nil
}

// kindIn is the kind that an object names itself, else the one of its resource type.
func kindIn(object map[string]any, token tokens.Type) (schema.GroupVersionKind, error) {
	kind, err := kindOf(token)
	if err != nil {
		return kind, err
	}
	if given, ok := object["kind"].(string); ok {
		kind.Kind = given
	}
	if given, ok := object["apiVersion"].(string); ok {
		version, err := schema.ParseGroupVersion(given)
		if err != nil {
			return kind, err
		}
		kind.Group, kind.Version = version.Group, version.Version
	}
	return kind, nil
}
