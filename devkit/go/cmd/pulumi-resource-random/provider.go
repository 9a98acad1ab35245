package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"efd.local/devkit/internal/plugin"
)

// randomProvider answers the engine's calls. It keeps nothing: a value lives in the stack's state.
type randomProvider struct {
	sdk.UnimplementedProvider
}

func (*randomProvider) Handshake(
	context.Context, sdk.ProviderHandshakeRequest,
) (*sdk.ProviderHandshakeResponse, error) {
	return &sdk.ProviderHandshakeResponse{AcceptSecrets: true}, nil
}

func (*randomProvider) GetPluginInfo(context.Context) (sdk.PluginInfo, error) {
	return plugin.Info(version), nil
}

func (*randomProvider) GetSchema(context.Context, sdk.GetSchemaRequest) (sdk.GetSchemaResponse, error) {
	schema := fmt.Sprintf(`{"name": "random", "version": %q}`, version)
	return sdk.GetSchemaResponse{Schema: []byte(schema)}, nil
}

func (*randomProvider) GetMapping(context.Context, sdk.GetMappingRequest) (sdk.GetMappingResponse, error) {
	return sdk.GetMappingResponse{}, nil
}

func (*randomProvider) GetMappings(context.Context, sdk.GetMappingsRequest) (sdk.GetMappingsResponse, error) {
	return sdk.GetMappingsResponse{}, nil
}

func (*randomProvider) SignalCancellation(context.Context) error { return nil }

func (*randomProvider) Close() error { return nil }

func (*randomProvider) CheckConfig(
	_ context.Context, request sdk.CheckConfigRequest,
) (sdk.CheckConfigResponse, error) {
	return sdk.CheckConfigResponse{Properties: request.News}, nil
}

func (*randomProvider) DiffConfig(context.Context, sdk.DiffConfigRequest) (sdk.DiffConfigResponse, error) {
	return sdk.DiffConfigResponse{Changes: sdk.DiffNone}, nil
}

func (*randomProvider) Configure(context.Context, sdk.ConfigureRequest) (sdk.ConfigureResponse, error) {
	return sdk.ConfigureResponse{}, nil
}

func (*randomProvider) Check(_ context.Context, request sdk.CheckRequest) (sdk.CheckResponse, error) {
	kind, err := kindOf(request.Type)
	if err != nil {
		return sdk.CheckResponse{}, err
	}
	return sdk.CheckResponse{Properties: request.News, Failures: kind.check(request.News)}, nil
}

// Diff replaces a value when anything changes that it was made from; the replacement is made first.
func (*randomProvider) Diff(_ context.Context, request sdk.DiffRequest) (sdk.DiffResponse, error) {
	kind, err := kindOf(request.Type)
	if err != nil {
		return sdk.DiffResponse{}, err
	}
	changes := kind.complete(request.OldInputs).Diff(kind.complete(request.NewInputs))
	if changes == nil {
		return sdk.DiffResponse{Changes: sdk.DiffNone}, nil
	}
	details := sdk.NewDetailedDiffFromObjectDiff(changes, true)
	for path, change := range details {
		details[path] = change.ToReplace()
	}
	return sdk.DiffResponse{Changes: sdk.DiffSome, DetailedDiff: details}, nil
}

func (*randomProvider) Create(_ context.Context, request sdk.CreateRequest) (sdk.CreateResponse, error) {
	kind, err := kindOf(request.Type)
	if err != nil {
		return sdk.CreateResponse{}, err
	}
	inputs := kind.complete(request.Properties)
	if request.Preview || inputs.ContainsUnknowns() {
		return sdk.CreateResponse{Properties: kind.forecast(inputs), Status: resource.StatusOK}, nil
	}
	id, state, err := kind.make(inputs)
	if err != nil {
		return sdk.CreateResponse{}, err
	}
	return sdk.CreateResponse{ID: id, Properties: kind.seal(state), Status: resource.StatusOK}, nil
}

// Read gives back the state as it is, or takes over a given value as the import id.
func (*randomProvider) Read(_ context.Context, request sdk.ReadRequest) (sdk.ReadResponse, error) {
	if len(request.State) > 0 {
		return sdk.ReadResponse{ReadResult: sdk.ReadResult{
			ID: request.ID, Inputs: request.Inputs, Outputs: request.State,
		}, Status: resource.StatusOK}, nil
	}
	kind, err := kindOf(request.Type)
	if err != nil {
		return sdk.ReadResponse{}, err
	}
	id, inputs, state, err := kind.adopt(string(request.ID))
	if err != nil {
		return sdk.ReadResponse{}, err
	}
	return sdk.ReadResponse{ReadResult: sdk.ReadResult{
		ID: id, Inputs: inputs, Outputs: kind.seal(state),
	}, Status: resource.StatusOK}, nil
}

func (*randomProvider) Update(_ context.Context, request sdk.UpdateRequest) (sdk.UpdateResponse, error) {
	return sdk.UpdateResponse{}, fmt.Errorf("%s: a random value is replaced, never updated", request.URN)
}

func (*randomProvider) Delete(context.Context, sdk.DeleteRequest) (sdk.DeleteResponse, error) {
	return sdk.DeleteResponse{Status: resource.StatusOK}, nil
}

// kindOf finds what a resource type such as random:index/randomPassword:RandomPassword makes.
func kindOf(token tokens.Type) (*kind, error) {
	if found, ok := kinds[string(token.Name())]; ok {
		return found, nil
	}
	return nil, fmt.Errorf("%s needs the official random provider: the devkit's makes passwords, strings,"+
		" bytes, ids and UUIDs", token)
}
