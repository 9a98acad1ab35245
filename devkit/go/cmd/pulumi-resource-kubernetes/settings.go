package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"efd.local/devkit/internal/cluster"
	"efd.local/devkit/internal/object"
)

// accepted are the provider's settings; every other one of the official provider's is refused
// rather than ignored.
var accepted = []resource.PropertyKey{"kubeconfig", "context", "cluster", "clusterIdentifier", "namespace"}

// fixed are settings that only have one value here, which may be spelled out.
var fixed = map[resource.PropertyKey]string{
	"enableServerSideApply":  "true",
	"enableConfigMapMutable": "false",
	"enableSecretMutable":    "false",
	"enablePatchForce":       "false",
	"upsertExistingObjects":  "false",
	"deleteUnreachable":      "false",
	"skipUpdateUnreachable":  "false",
}

func (p *kubernetesProvider) CheckConfig(
	_ context.Context, request sdk.CheckConfigRequest,
) (sdk.CheckConfigResponse, error) {
	response := sdk.CheckConfigResponse{Properties: request.News}
	for key, value := range request.News {
		inner, _ := object.Reveal(value)
		allowed, isFixed := fixed[key]
		switch {
		case slices.Contains(accepted, key), key == "version", resource.IsInternalPropertyKey(key):
		case !isFixed:
			response.Failures = append(response.Failures, sdk.CheckFailure{Property: key, Reason: fmt.Sprintf(
				"this setting needs the official Kubernetes provider; the devkit's provider knows %v", accepted)})
		case isFixed && fmt.Sprint(inner.V) != allowed:
			response.Failures = append(response.Failures, sdk.CheckFailure{Property: key, Reason: fmt.Sprintf(
				"is %v; the devkit's provider only knows %s", inner.V, allowed)})
		}
	}
	return response, nil
}

// DiffConfig replaces a provider, and with it everything it made, only if the settings lead to
// another cluster: by the cluster's given identifier, else by its address.
func (p *kubernetesProvider) DiffConfig(
	_ context.Context, request sdk.DiffConfigRequest,
) (sdk.DiffConfigResponse, error) {
	changes := object.Differences(object.FromProperties(request.OldInputs), object.FromProperties(request.NewInputs))
	if len(changes) == 0 {
		return sdk.DiffConfigResponse{Changes: sdk.DiffNone}, nil
	}
	response := sdk.DiffConfigResponse{Changes: sdk.DiffSome}
	for _, change := range changes {
		response.ChangedKeys = append(response.ChangedKeys, resource.PropertyKey(fmt.Sprint(change.Path[0])))
	}
	if key, moved := otherCluster(request.OldInputs, request.NewInputs); moved {
		response.ReplaceKeys = []resource.PropertyKey{key}
	}
	return response, nil
}

func otherCluster(older, newer resource.PropertyMap) (resource.PropertyKey, bool) {
	before, after := text(older, "clusterIdentifier"), text(newer, "clusterIdentifier")
	if before != "" && after != "" {
		return "clusterIdentifier", before != after
	}
	first, err := settingsOf(older).Server()
	if err != nil { // the old kubeconfig is gone: the new one is the only way to the cluster
		return "", false
	}
	second, err := settingsOf(newer).Server()
	return "kubeconfig", err == nil && first != second || hasUnknown(newer)
}

func (p *kubernetesProvider) Configure(
	_ context.Context, request sdk.ConfigureRequest,
) (sdk.ConfigureResponse, error) {
	p.cluster = nil
	if hasUnknown(request.Inputs) {
		return sdk.ConfigureResponse{}, nil
	}
	connected, err := cluster.Connect(settingsOf(request.Inputs), "pulumi-resource-kubernetes/"+version, p.warn)
	if err != nil {
		return sdk.ConfigureResponse{}, err
	}
	p.cluster = connected
	return sdk.ConfigureResponse{}, nil
}

func settingsOf(inputs resource.PropertyMap) cluster.Settings {
	return cluster.Settings{
		Kubeconfig: text(inputs, "kubeconfig"),
		Context:    text(inputs, "context"),
		Cluster:    text(inputs, "cluster"),
		Namespace:  text(inputs, "namespace"),
	}
}

func hasUnknown(inputs resource.PropertyMap) bool {
	return object.HasUnknown(object.FromProperties(inputs))
}

func text(inputs resource.PropertyMap, key resource.PropertyKey) string {
	inner, _ := object.Reveal(inputs[key])
	if inner.IsString() {
		return inner.StringValue()
	}
	return ""
}
