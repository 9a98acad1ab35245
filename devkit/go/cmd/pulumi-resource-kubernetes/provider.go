package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"

	"efd.local/devkit/internal/cluster"
	"efd.local/devkit/internal/plugin"
)

// kubernetesProvider answers the engine's calls about Kubernetes objects.
type kubernetesProvider struct {
	sdk.UnimplementedProvider

	host    *provider.HostClient
	cluster *cluster.Cluster // nil while a preview does not know the kubeconfig

	running context.Context // ends when the user cancels the operation
	cancel  context.CancelFunc
	known   sync.Map // identities of objects that the stack's state holds already
}

func newProvider(host *provider.HostClient) *kubernetesProvider {
	running, cancel := context.WithCancel(context.Background())
	return &kubernetesProvider{host: host, running: running, cancel: cancel}
}

func (p *kubernetesProvider) Handshake(
	context.Context, sdk.ProviderHandshakeRequest,
) (*sdk.ProviderHandshakeResponse, error) {
	return &sdk.ProviderHandshakeResponse{AcceptSecrets: true, SupportsAutonamingConfiguration: true}, nil
}

func (p *kubernetesProvider) GetPluginInfo(context.Context) (sdk.PluginInfo, error) {
	return plugin.Info(version), nil
}

func (p *kubernetesProvider) GetSchema(context.Context, sdk.GetSchemaRequest) (sdk.GetSchemaResponse, error) {
	schema := fmt.Sprintf(`{"name": "kubernetes", "version": %q}`, version)
	return sdk.GetSchemaResponse{Schema: []byte(schema)}, nil
}

func (p *kubernetesProvider) GetMapping(context.Context, sdk.GetMappingRequest) (sdk.GetMappingResponse, error) {
	return sdk.GetMappingResponse{}, nil
}

func (p *kubernetesProvider) GetMappings(context.Context, sdk.GetMappingsRequest) (sdk.GetMappingsResponse, error) {
	return sdk.GetMappingsResponse{}, nil
}

// SignalCancellation ends all waiting: what was made so far is kept, with the reason why it is not ready.
func (p *kubernetesProvider) SignalCancellation(context.Context) error {
	p.cancel()
	return nil
}

func (p *kubernetesProvider) Close() error {
	p.cancel()
	return nil
}

func (p *kubernetesProvider) Construct(_ context.Context, request sdk.ConstructRequest) (sdk.ConstructResponse, error) {
	return sdk.ConstructResponse{}, refusal(string(request.Type))
}

func (p *kubernetesProvider) Invoke(_ context.Context, request sdk.InvokeRequest) (sdk.InvokeResponse, error) {
	return sdk.InvokeResponse{}, refusal(string(request.Tok))
}

func (p *kubernetesProvider) Call(_ context.Context, request sdk.CallRequest) (sdk.CallResponse, error) {
	return sdk.CallResponse{}, refusal(string(request.Tok))
}

func refusal(token string) error {
	return fmt.Errorf("%s needs the official Kubernetes provider: the devkit's provider manages plain objects,"+
		" one resource each, and no lists, patches, Helm releases, YAML or Kustomize components", token)
}

type urnKey struct{}

// operation is the context of one call: it ends with the call or when the user cancels, and knows
// the resource that a warning is about.
func (p *kubernetesProvider) operation(ctx context.Context, urn resource.URN) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithValue(ctx, urnKey{}, urn))
	stop := context.AfterFunc(p.running, cancel)
	return ctx, func() { stop(); cancel() }
}

// warn shows a warning of the API server at the resource that it is about.
func (p *kubernetesProvider) warn(ctx context.Context, message string) {
	urn, _ := ctx.Value(urnKey{}).(resource.URN)
	_ = p.host.Log(ctx, diag.Warning, urn, message)
}

// tell shows the progress of an operation in the status column of a resource.
func (p *kubernetesProvider) tell(ctx context.Context, urn resource.URN) func(string) {
	return func(message string) { _ = p.host.LogStatus(ctx, diag.Info, urn, message) }
}

var errUnconfigured = errors.New("the kubeconfig is not known yet, so there is no cluster to ask")
