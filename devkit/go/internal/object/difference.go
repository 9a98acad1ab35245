package object

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// Difference is one place where two objects differ.
type Difference struct {
	Path []any // object keys and list indices
	Kind plugin.DiffKind
}

// Name is the path in Pulumi's notation, such as spec.template.spec.containers[0].image.
func (d Difference) Name() string {
	return resource.PropertyPath(d.Path).String()
}

// Differences lists where newer differs from older. Empty is not the same as absent (an empty
// namespaceSelector selects every namespace); an unknown value differs from every known one.
func Differences(older, newer map[string]any) []Difference {
	var found []Difference
	compare(nil, older, newer, &found)
	return found
}

func compare(path []any, older, newer any, found *[]Difference) {
	if older == nil && newer == nil {
		return
	}
	switch before := older.(type) {
	case map[string]any:
		if after, ok := newer.(map[string]any); ok {
			compareMaps(path, before, after, found)
			return
		}
	case []any:
		if after, ok := newer.([]any); ok {
			compareLists(path, before, after, found)
			return
		}
	}
	if kind, differs := compareValues(path, older, newer); differs {
		*found = append(*found, Difference{Path: slices.Clone(path), Kind: kind})
	}
}

func compareMaps(path []any, older, newer map[string]any, found *[]Difference) {
	keys := make([]string, 0, len(older)+len(newer))
	for key := range older {
		keys = append(keys, key)
	}
	for key := range newer {
		if _, ok := older[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		compare(append(path, key), older[key], newer[key], found)
	}
}

func compareLists(path []any, older, newer []any, found *[]Difference) {
	for i := range max(len(older), len(newer)) {
		switch {
		case i >= len(older):
			*found = append(*found, Difference{slices.Clone(append(path, i)), plugin.DiffAdd})
		case i >= len(newer):
			*found = append(*found, Difference{slices.Clone(append(path, i)), plugin.DiffDelete})
		default:
			compare(append(path, i), older[i], newer[i], found)
		}
	}
}

func compareValues(path []any, older, newer any) (plugin.DiffKind, bool) {
	switch {
	case older == nil:
		return plugin.DiffAdd, true
	case newer == nil:
		return plugin.DiffDelete, true
	case HasUnknown(newer):
		return plugin.DiffUpdate, true
	case isScalar(older) && isScalar(newer):
		return plugin.DiffUpdate, older != newer && !sameQuantity(path, older, newer)
	default: // a list or map has become something else
		return plugin.DiffUpdate, true
	}
}

func isScalar(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}
