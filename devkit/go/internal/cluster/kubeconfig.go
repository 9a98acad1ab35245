// Package cluster connects to the Kubernetes API server that a kubeconfig names.
package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// Settings choose a cluster. An empty field leaves the choice to the kubeconfig.
type Settings struct {
	Kubeconfig string // contents or path; empty for $KUBECONFIG, ~/.kube/config or the pod's own cluster
	Context    string
	Cluster    string
	Namespace  string
}

func (s Settings) clientConfig() (clientcmd.ClientConfig, error) {
	overrides := &clientcmd.ConfigOverrides{
		CurrentContext: s.Context,
		Context:        api.Context{Cluster: s.Cluster, Namespace: s.Namespace},
	}
	if s.Kubeconfig == "" {
		rules := clientcmd.NewDefaultClientConfigLoadingRules()
		return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides), nil
	}
	if path := expandHome(s.Kubeconfig); isFile(path) {
		rules := &clientcmd.ClientConfigLoadingRules{ExplicitPath: path}
		return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides), nil
	}
	if !strings.Contains(s.Kubeconfig, "\n") && !strings.HasPrefix(s.Kubeconfig, "{") {
		return nil, fmt.Errorf("kubeconfig: there is no file %q, and it is not a kubeconfig's contents", s.Kubeconfig)
	}
	config, err := clientcmd.Load([]byte(s.Kubeconfig))
	if err != nil {
		return nil, fmt.Errorf("kubeconfig: its contents cannot be read: %w", err)
	}
	return clientcmd.NewNonInteractiveClientConfig(*config, s.Context, overrides, nil), nil
}

// Server is the address of the API server, by which two kubeconfigs can be told apart.
func (s Settings) Server() (string, error) {
	loader, err := s.clientConfig()
	if err != nil {
		return "", err
	}
	config, err := loader.ClientConfig()
	if err != nil {
		return "", fmt.Errorf("kubeconfig: %w", err)
	}
	return config.Host, nil
}

// load returns the connection's configuration, the context's name and its namespace.
func (s Settings) load() (config *rest.Config, context, namespace string, err error) {
	loader, err := s.clientConfig()
	if err != nil {
		return nil, "", "", err
	}
	if config, err = loader.ClientConfig(); err != nil {
		return nil, "", "", fmt.Errorf("kubeconfig: %w", err)
	}
	if namespace, _, err = loader.Namespace(); err != nil {
		return nil, "", "", fmt.Errorf("kubeconfig: %w", err)
	}
	context = s.Context
	if raw, err := loader.RawConfig(); err == nil && context == "" {
		context = raw.CurrentContext
	}
	return config, context, namespace, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

func expandHome(path string) string {
	home, err := os.UserHomeDir()
	if rest, ok := strings.CutPrefix(path, "~/"); ok && err == nil {
		return filepath.Join(home, rest)
	}
	return path
}
