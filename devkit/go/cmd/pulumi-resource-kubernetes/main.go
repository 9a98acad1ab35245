// Command pulumi-resource-kubernetes is a Pulumi resource provider for plain Kubernetes objects. It
// stands in for the official provider, release 4.34.2, where that cannot be had: same resource
// types, same decisions, interchangeable state. List and Patch kinds, Helm, Kustomize and YAML
// components are the official provider's alone.
package main

import (
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"

	"efd.local/devkit/internal/plugin"
)

const version = "4.34.2"

func main() {
	plugin.Main("kubernetes", func(host *provider.HostClient) sdk.Provider { return newProvider(host) })
}
