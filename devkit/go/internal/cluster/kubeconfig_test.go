package cluster

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

const kubeconfig = `
apiVersion: v1
kind: Config
clusters:
- {name: one, cluster: {server: "https://one.example:6443"}}
- {name: two, cluster: {server: "https://two.example:6443"}}
contexts:
- {name: first, context: {cluster: one, namespace: efd}}
- {name: second, context: {cluster: two}}
current-context: first
`

func TestAKubeconfigIsGivenAsContentsOrAsPathOrByTheEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(path, []byte(kubeconfig), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KUBECONFIG", path)
	for name, settings := range map[string]Settings{
		"contents": {Kubeconfig: kubeconfig}, "path": {Kubeconfig: path}, "environment": {},
	} {
		config, context, namespace, err := settings.load()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if config.Host != "https://one.example:6443" || context != "first" || namespace != "efd" {
			t.Errorf("%s: got %s, %s, %s", name, config.Host, context, namespace)
		}
	}
}

func TestSettingsGoBeforeTheKubeconfig(t *testing.T) {
	settings := Settings{Kubeconfig: kubeconfig, Context: "second", Namespace: "other"}
	config, context, namespace, err := settings.load()
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != "https://two.example:6443" || context != "second" || namespace != "other" {
		t.Errorf("got %s, %s, %s", config.Host, context, namespace)
	}
}

func TestAKubeconfigThatCannotBeUsedSaysWhy(t *testing.T) {
	for given, want := range map[string]string{
		"/no/such/file":             `no file "/no/such/file"`,
		"kind: [":                   "no file",
		"apiVersion: v1\nkind: [\n": "cannot be read",
	} {
		if _, _, _, err := (Settings{Kubeconfig: given}).load(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want %q", given, err, want)
		}
	}
	if _, _, _, err := (Settings{Kubeconfig: kubeconfig, Context: "third"}).load(); err == nil ||
		!strings.Contains(err.Error(), "third") {
		t.Errorf("an unknown context gives %v", err)
	}
}

func TestAnUnreachableServerIsNamedInOneLine(t *testing.T) {
	refused := &url.Error{Op: "Get", URL: "https://one.example:6443/api", Err: &net.OpError{
		Op: "dial", Net: "tcp", Err: errors.New("connect: connection refused"),
	}}
	cluster := &Cluster{server: "https://one.example:6443", context: "first"}
	want := `cannot reach the API server https://one.example:6443 (context "first"): connect: connection refused`
	if got := cluster.Explain(fmt.Errorf("failed: %w", refused)); got.Error() != want {
		t.Errorf("got %q, want %q", got, want)
	}
	answer := apierrors.NewBadRequest("no")
	if got := cluster.Explain(answer); !errors.Is(got, answer) {
		t.Errorf("the server's own answer became %v", got)
	}
}
