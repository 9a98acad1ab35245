package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"efd.local/devkit/internal/object"
)

// failure words an error for the user: which object, what happened, and no secret in it.
func (p *kubernetesProvider) failure(err error, place target, inputs resource.PropertyMap) error {
	if place.objects == nil { // the cluster itself did not answer
		return err
	}
	text := p.explain(err, place)
	return errors.New(object.Redact(text, inputs))
}

func (p *kubernetesProvider) explain(err error, place target) string {
	conflict := conflictsOf(err)
	switch {
	case len(conflict) > 0:
		return fmt.Sprintf("%s: %s. Leave these fields out of the program, or take them with the annotation %s: \"true\"",
			place, conflict, forceAnnotation)
	case apierrors.IsAlreadyExists(err):
		return fmt.Sprintf("%s exists already and is not in this stack's state: import it (after an interrupted run with"+
			" `pulumi refresh`) or delete it", place)
	case apierrors.IsNotFound(err) && !isAbout(err, place):
		return fmt.Sprintf("%s: %s", place, err)
	case apierrors.IsNotFound(err):
		return fmt.Sprintf("%s is not there any more: run `pulumi refresh`", place)
	}
	return fmt.Sprintf("%s: %s", place, p.cluster.Explain(err))
}

func isAbout(err error, place target) bool {
	var status apierrors.APIStatus
	return errors.As(err, &status) && status.Status().Details != nil && status.Status().Details.Name == place.name
}

// unready is the error for an object that exists but does not work yet. The engine keeps the object
// and tries again in the next run.
func (p *kubernetesProvider) unready(
	err error, place target, inputs, state resource.PropertyMap,
) error {
	return initFailed(object.Redact(fmt.Sprintf("%s: %s", place, err), inputs), place.id(), inputs, state)
}

func (p *kubernetesProvider) unreadyRead(err error, place target, read sdk.ReadResult) error {
	text := object.Redact(fmt.Sprintf("%s: %s", place, err), read.Inputs)
	return initFailed(text, place.id(), read.Inputs, read.Outputs)
}

func initFailed(reason string, id resource.ID, inputs, state resource.PropertyMap) error {
	options := sdk.MarshalOptions{KeepUnknowns: true, KeepSecrets: true}
	properties, err := sdk.MarshalProperties(state, options)
	if err != nil {
		return err
	}
	given, err := sdk.MarshalProperties(inputs, options)
	if err != nil {
		return err
	}
	return rpcerror.WithDetails(rpcerror.New(codes.Unknown, reason), &pulumirpc.ErrorResourceInitFailed{
		Id: string(id), Properties: properties, Inputs: given, Reasons: []string{reason},
	})
}

// conflicts are fields that an apply would have to take from other managers.
type conflicts []metav1.StatusCause

var otherManager = regexp.MustCompile(`conflict with "([^"]*)"`)

func conflictsOf(err error) conflicts {
	var status apierrors.APIStatus
	if !apierrors.IsConflict(err) || !errors.As(err, &status) || status.Status().Details == nil {
		return nil
	}
	var found conflicts
	for _, cause := range status.Status().Details.Causes {
		if cause.Type == metav1.CauseTypeFieldManagerConflict {
			found = append(found, cause)
		}
	}
	return found
}

func managerOf(cause metav1.StatusCause) string {
	if match := otherManager.FindStringSubmatch(cause.Message); match != nil {
		return match[1]
	}
	return cause.Message
}

func (c conflicts) onlyWith(manager string) bool {
	for _, cause := range c {
		if managerOf(cause) != manager {
			return false
		}
	}
	return true
}

// String lists the fields with their managers.
func (c conflicts) String() string {
	fields := make([]string, len(c))
	for i, cause := range c {
		fields[i] = fmt.Sprintf("%s belongs to %q", strings.TrimPrefix(cause.Field, "."), managerOf(cause))
	}
	return strings.Join(fields, ", ")
}
