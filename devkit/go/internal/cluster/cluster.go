package cluster

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

const dialTimeout = 10 * time.Second

// Warn receives a warning that the API server sent along with its answer to a request.
type Warn func(ctx context.Context, message string)

// Cluster is a connection to an API server. All requests share one HTTP/2 connection.
type Cluster struct {
	Namespace string // where an object goes that names no namespace

	server, context string
	client          *dynamic.DynamicClient
	discovery       *discovery.DiscoveryClient

	mutex  sync.Mutex
	mapper meta.RESTMapper
	failed error
}

// Connect prepares a connection; the first request opens it.
func Connect(settings Settings, agent string, warn Warn) (*Cluster, error) {
	config, contextName, namespace, err := settings.load()
	if err != nil {
		return nil, err
	}
	config.QPS = -1 // no client-side limit: the server's priority and fairness decides
	config.UserAgent = agent
	config.Dial = (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext
	config.WarningHandlerWithContext = warnings(warn)
	http, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: %w", err)
	}
	cluster := &Cluster{Namespace: namespace, server: config.Host, context: contextName}
	if cluster.client, err = dynamic.NewForConfigAndClient(config, http); err != nil {
		return nil, err
	}
	if cluster.discovery, err = discovery.NewDiscoveryClientForConfigAndClient(config, http); err != nil {
		return nil, err
	}
	return cluster, nil
}

// Mapping tells the resource and scope of a kind. The kinds are asked from the server once.
func (c *Cluster) Mapping(kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	mapper, err := c.kinds()
	if err != nil {
		return nil, err
	}
	mapping, err := mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) {
		return nil, &UnknownKindError{Kind: kind, cluster: c}
	}
	return mapping, err
}

// Discover asks the server for its kinds again, which may have grown by a CustomResourceDefinition.
func (c *Cluster) Discover() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.discoverLocked()
}

func (c *Cluster) kinds() (meta.RESTMapper, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.mapper == nil && c.failed == nil {
		c.discoverLocked()
	}
	return c.mapper, c.failed
}

func (c *Cluster) discoverLocked() {
	groups, err := restmapper.GetAPIGroupResources(c.discovery)
	if err != nil {
		c.failed = c.Explain(err)
		return
	}
	c.mapper, c.failed = restmapper.NewDiscoveryRESTMapper(groups), nil
}

// Objects is where the objects of a kind are read and written.
func (c *Cluster) Objects(mapping *meta.RESTMapping, namespace string) dynamic.ResourceInterface {
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return c.client.Resource(mapping.Resource)
	}
	return c.client.Resource(mapping.Resource).Namespace(namespace)
}

// Resource is where the objects of a well-known resource are read and written.
func (c *Cluster) Resource(resource schema.GroupVersionResource, namespace string) dynamic.ResourceInterface {
	return c.client.Resource(resource).Namespace(namespace)
}

// String names the cluster for messages.
func (c *Cluster) String() string {
	if c.context == "" {
		return fmt.Sprintf("the API server %s", c.server)
	}
	return fmt.Sprintf("the API server %s (context %q)", c.server, c.context)
}
