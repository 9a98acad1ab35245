package main

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"efd.local/devkit/internal/await"
	"efd.local/devkit/internal/cluster"
	"efd.local/devkit/internal/object"
)

// Read finds the object with this id for a refresh, an import or a get. No object, no id.
func (p *kubernetesProvider) Read(ctx context.Context, request sdk.ReadRequest) (sdk.ReadResponse, error) {
	ctx, done := p.operation(ctx, request.URN)
	defer done()
	given := normal(request.Inputs)
	place, err := p.targetWithID(request.Type, given, request.ID)
	if cluster.IsUnknownKind(err) {
		return sdk.ReadResponse{}, nil
	}
	if err != nil {
		return sdk.ReadResponse{}, p.failure(err, place, request.Inputs)
	}
	live, err := place.objects.Get(ctx, place.name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return sdk.ReadResponse{}, nil
	}
	if err != nil {
		return sdk.ReadResponse{}, p.failure(err, place, request.Inputs)
	}
	state := object.State(live.Object)
	inputs := object.Inputs(state)
	if len(given) > 0 {
		inputs = object.Refreshed(given, state)
	}
	read := sdk.ReadResult{
		ID:      place.id(),
		Inputs:  object.SealData(place.kind.Kind, object.SealLike(object.ToProperties(inputs), request.Inputs)),
		Outputs: outputsOf(state, request.Inputs, fieldManager(request.URN, inputs, request.State)),
	}
	if err := await.Check(ctx, p.cluster, live); err != nil {
		return sdk.ReadResponse{}, p.unreadyRead(err, place, read)
	}
	return sdk.ReadResponse{ReadResult: read, Status: resource.StatusOK}, nil
}
