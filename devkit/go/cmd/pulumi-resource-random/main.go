// Command pulumi-resource-random is a Pulumi resource provider for random values. It stands in for
// the official provider, release 4.21.4, where that cannot be had: same resource types, same
// properties. All randomness is the operating system's.
package main

import (
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"

	"efd.local/devkit/internal/plugin"
)

const version = "4.21.4"

func main() {
	plugin.Main("random", func(*provider.HostClient) sdk.Provider { return &randomProvider{} })
}
