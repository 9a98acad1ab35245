// Package plugin runs a Pulumi resource provider as a process of its own.
package plugin

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Main serves the provider that create makes until the engine ends the process.
func Main(name string, create func(*provider.HostClient) plugin.Provider) {
	endAtOnce()
	err := provider.Main(name, func(host *provider.HostClient) (pulumirpc.ResourceProviderServer, error) {
		return server{plugin.NewProviderServer(create(host))}, nil
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// server completes the SDK's answer to Diff, which does not say that it has details: the engine then
// shows none.
type server struct {
	pulumirpc.ResourceProviderServer
}

func (s server) Diff(ctx context.Context, request *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	response, err := s.ResourceProviderServer.Diff(ctx, request)
	if err == nil {
		response.HasDetailedDiff = len(response.GetDetailedDiff()) > 0
	}
	return response, err
}

// endAtOnce exits on the engine's SIGINT, or when the engine is gone without a word. A graceful stop
// would wait for calls in flight, and the engine waits for its plugins before it returns to the user.
func endAtOnce() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	engine := os.Getppid()
	go func() {
		for range time.Tick(time.Second) {
			if os.Getppid() != engine {
				os.Exit(0)
			}
		}
	}()
	go func() {
		<-signals
		os.Exit(0)
	}()
}

// Info is the plugin information for a version such as "4.34.2".
func Info(version string) plugin.PluginInfo {
	parsed := semver.MustParse(version)
	return plugin.PluginInfo{Version: &parsed}
}
