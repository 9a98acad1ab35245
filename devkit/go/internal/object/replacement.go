package object

import (
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// immutable names, per kind, the fields whose change replaces the object, as the official provider
// decides it. The API server refuses such changes, except to a ConfigMap's and a Secret's data,
// which running pods would not notice.
var immutable = map[schema.GroupKind][][]string{
	{Kind: "ConfigMap"}: {{"data"}, {"binaryData"}, {"immutable"}},
	{Kind: "Secret"}:    {{"data"}, {"stringData"}, {"immutable"}, {"type"}},
	{Kind: "PersistentVolumeClaim"}: {
		{"spec", "accessModes"}, {"spec", "selector"}, {"spec", "storageClassName"}, {"spec", "volumeName"},
	},
	{Kind: "Service"}:                   {{"spec", "clusterIP"}},
	{Kind: "ResourceQuota"}:             {{"spec", "scopes"}},
	{Group: "apps", Kind: "Deployment"}: {{"spec", "selector"}},
	{Group: "apps", Kind: "DaemonSet"}:  {{"spec", "selector"}},
	{Group: "apps", Kind: "ReplicaSet"}: {{"spec", "selector"}},
	{Group: "apps", Kind: "StatefulSet"}: {
		{"spec", "selector"}, {"spec", "serviceName"}, {"spec", "volumeClaimTemplates"},
		{"spec", "podManagementPolicy"}, {"spec", "revisionHistoryLimit"},
	},
	{Group: "batch", Kind: "Job"}:                                    {{"spec", "selector"}, {"spec", "template"}},
	{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}:        {{"roleRef"}},
	{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}: {{"roleRef"}},
	{Group: "storage.k8s.io", Kind: "StorageClass"}:                  {{"parameters"}, {"provisioner"}},
}

var identity = [][]string{{"kind"}, {"metadata", "name"}, {"metadata", "namespace"}}

// Replaces reports whether a difference in an object of this kind means a new object.
func Replaces(kind schema.GroupKind, difference Difference) bool {
	for _, fields := range [][][]string{identity, immutable[kind]} {
		for _, field := range fields {
			if isWithin(difference.Path, field) {
				return true
			}
		}
	}
	return false
}

// isWithin reports whether a path is a field, lies below it, or is one of the field's parents
// that appeared or vanished as a whole.
func isWithin(path []any, field []string) bool {
	for i := range min(len(path), len(field)) {
		if path[i] != field[i] {
			return false
		}
	}
	return len(path) > 0
}
