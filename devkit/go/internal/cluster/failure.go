package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// UnknownKindError says that the API server serves no such kind, or not yet.
type UnknownKindError struct {
	Kind    schema.GroupVersionKind
	cluster *Cluster
}

func (e *UnknownKindError) Error() string {
	return fmt.Sprintf("%s knows no kind %s in %s", e.cluster, e.Kind.Kind, e.Kind.GroupVersion())
}

// IsBuiltIn reports whether the kind is Kubernetes' own, which no program can add later.
func (e *UnknownKindError) IsBuiltIn() bool {
	return scheme.Scheme.IsGroupRegistered(e.Kind.Group)
}

// IsUnknownKind reports whether an error says that the API server serves no such kind.
func IsUnknownKind(err error) bool {
	var unknown *UnknownKindError
	return errors.As(err, &unknown)
}

// Explain turns an error of the connection itself into one line that names the server; an answer
// of the server stays as it is.
func (c *Cluster) Explain(err error) error {
	var transport *url.Error
	switch {
	case err == nil:
		return nil
	case apierrors.IsUnauthorized(err):
		return fmt.Errorf("%s does not accept the kubeconfig's credentials", c)
	case errors.As(err, &transport) && !errors.Is(err, context.Canceled):
		return fmt.Errorf("cannot reach %s: %w", c, cause(transport.Err))
	default:
		return err
	}
}

// cause drops the addresses around a dial error ("dial tcp 127.0.0.1:6443: connect: …").
func cause(err error) error {
	var operation *net.OpError
	if errors.As(err, &operation) {
		return operation.Err
	}
	return err
}

type warningHandler struct{ warn Warn }

// HandleWarningHeaderWithContext passes on warnings; 299 is the only code the API server uses.
func (h warningHandler) HandleWarningHeaderWithContext(ctx context.Context, code int, _ string, text string) {
	if code == 299 && text != "" {
		h.warn(ctx, text)
	}
}

func warnings(warn Warn) rest.WarningHandlerWithContext {
	return warningHandler{warn}
}
