package object

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestDifferencesAreNamedByPropertyPaths(t *testing.T) {
	const add, remove, update = plugin.DiffAdd, plugin.DiffDelete, plugin.DiffUpdate
	container := func(fields map[string]any) map[string]any {
		return map[string]any{"containers": []any{fields}}
	}
	cases := map[string]struct {
		older, newer map[string]any
		want         map[string]plugin.DiffKind
	}{
		"nothing": {map[string]any{"a": int64(1)}, map[string]any{"a": int64(1)}, nil},
		"a changed value in a list": {
			container(map[string]any{"image": "a"}), container(map[string]any{"image": "b"}),
			map[string]plugin.DiffKind{"containers[0].image": update},
		},
		"a key that needs quotes": {
			map[string]any{"a": map[string]any{}}, map[string]any{"a": map[string]any{"x.y/z": "1"}},
			map[string]plugin.DiffKind{`a["x.y/z"]`: add},
		},
		"a shorter list": {
			map[string]any{"a": []any{"x", "y"}}, map[string]any{"a": []any{"x"}},
			map[string]plugin.DiffKind{"a[1]": remove},
		},
		"a dropped section": {
			map[string]any{"a": map[string]any{"b": "c"}}, map[string]any{},
			map[string]plugin.DiffKind{"a": remove},
		},
		"empty is not absent": {
			map[string]any{}, map[string]any{"namespaceSelector": map[string]any{}},
			map[string]plugin.DiffKind{"namespaceSelector": add},
		},
		"deny all is not allow all": {
			map[string]any{"ingress": []any{}}, map[string]any{"ingress": []any{map[string]any{}}},
			map[string]plugin.DiffKind{"ingress[0]": add},
		},
		"a value still to come": {
			map[string]any{"a": "b"}, map[string]any{"a": Unknown{}},
			map[string]plugin.DiffKind{"a": update},
		},
		"a text for a number": {
			map[string]any{"port": int64(80)}, map[string]any{"port": "80"},
			map[string]plugin.DiffKind{"port": update},
		},
		"quantities in two notations": {
			map[string]any{"requests": map[string]any{"cpu": "1", "memory": "1Gi", "x": int64(2)}},
			map[string]any{"requests": map[string]any{"cpu": "1000m", "memory": "1024Mi", "x": "2"}},
			nil,
		},
		"another quantity": {
			map[string]any{"limits": map[string]any{"cpu": "1"}}, map[string]any{"limits": map[string]any{"cpu": "1001m"}},
			map[string]plugin.DiffKind{"limits.cpu": update},
		},
		"what only looks like a quantity": {
			map[string]any{"data": map[string]any{"cpu": "1"}}, map[string]any{"data": map[string]any{"cpu": "1000m"}},
			map[string]plugin.DiffKind{"data.cpu": update},
		},
	}
	for name, example := range cases {
		t.Run(name, func(t *testing.T) {
			got := map[string]plugin.DiffKind{}
			for _, difference := range Differences(example.older, example.newer) {
				got[difference.Name()] = difference.Kind
			}
			if !maps.Equal(got, example.want) {
				t.Errorf("got %v, want %v", got, example.want)
			}
		})
	}
}

func TestReplacementFollowsTheTable(t *testing.T) {
	cases := []struct {
		group, kind string
		path        []any
		want        bool
	}{
		{"", "ConfigMap", []any{"data", "a"}, true},
		{"", "ConfigMap", []any{"data"}, true},
		{"", "ConfigMap", []any{"binaryData", "a"}, true},
		{"", "ConfigMap", []any{"metadata", "labels", "a"}, false},
		{"", "Secret", []any{"data", "a"}, true},
		{"", "Secret", []any{"type"}, true},
		{"", "PersistentVolumeClaim", []any{"spec", "accessModes", 0}, true},
		{"", "PersistentVolumeClaim", []any{"spec", "storageClassName"}, true},
		{"", "PersistentVolumeClaim", []any{"spec", "resources", "requests", "storage"}, false},
		{"", "Service", []any{"spec", "clusterIP"}, true},
		{"", "Service", []any{"spec", "ports", 0, "port"}, false},
		{"", "Service", []any{"spec"}, true},
		{"apps", "StatefulSet", []any{"spec", "serviceName"}, true},
		{"apps", "StatefulSet", []any{"spec", "volumeClaimTemplates", 0, "spec"}, true},
		{"apps", "StatefulSet", []any{"spec", "podManagementPolicy"}, true},
		{"apps", "StatefulSet", []any{"spec", "replicas"}, false},
		{"apps", "StatefulSet", []any{"spec", "template", "spec", "containers", 0, "image"}, false},
		{"apps", "Deployment", []any{"spec", "selector", "matchLabels", "a"}, true},
		{"apps", "Deployment", []any{"spec", "template", "metadata"}, false},
		{"batch", "Job", []any{"spec", "template", "spec", "containers", 0, "image"}, true},
		{"batch", "CronJob", []any{"spec", "jobTemplate"}, false},
		{"rbac.authorization.k8s.io", "RoleBinding", []any{"roleRef", "name"}, true},
		{"rbac.authorization.k8s.io", "RoleBinding", []any{"subjects", 0}, false},
		{"storage.k8s.io", "StorageClass", []any{"provisioner"}, true},
		{"example.org", "Widget", []any{"metadata", "name"}, true},
		{"example.org", "Widget", []any{"metadata", "namespace"}, true},
		{"example.org", "Widget", []any{"kind"}, true},
		{"example.org", "Widget", []any{"apiVersion"}, false},
		{"example.org", "Widget", []any{"spec", "selector"}, false},
	}
	for _, example := range cases {
		difference := Difference{Path: example.path}
		if got := Replaces(schema.GroupKind{Group: example.group, Kind: example.kind}, difference); got != example.want {
			t.Errorf("%s %s: replaces is %t, want %t", example.kind, difference.Name(), got, example.want)
		}
	}
}
