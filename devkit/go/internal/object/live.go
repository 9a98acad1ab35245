package object

import (
	"maps"

	"k8s.io/apimachinery/pkg/runtime"
)

// State is the part of a live object that is worth keeping: all but the bookkeeping of field
// owners and kubectl's copy of the object.
func State(live map[string]any) map[string]any {
	state := runtime.DeepCopyJSON(live)
	if metadata, ok := state["metadata"].(map[string]any); ok {
		delete(metadata, "managedFields")
		if annotations, ok := metadata["annotations"].(map[string]any); ok {
			delete(annotations, lastApplied)
			if len(annotations) == 0 {
				delete(metadata, "annotations")
			}
		}
	}
	return state
}

// Inputs is what a program would have to say to get this object: all of it but what the server writes.
func Inputs(state map[string]any) map[string]any {
	inputs := runtime.DeepCopyJSON(state)
	delete(inputs, "status")
	if metadata, ok := inputs["metadata"].(map[string]any); ok {
		for _, key := range readOnlyMetadata {
			delete(metadata, key)
		}
	}
	return inputs
}

// Refreshed is inputs with the values that the live state has in the same places. What a program
// left to others stays out of it; what somebody changed by hand shows up.
func Refreshed(inputs, state map[string]any) map[string]any {
	return refreshMap(nil, inputs, state)
}

func refresh(path []any, input, live any) any {
	switch given := input.(type) {
	case map[string]any:
		if actual, ok := live.(map[string]any); ok {
			return refreshMap(path, given, actual)
		}
	case []any:
		if actual, ok := live.([]any); ok {
			return refreshList(path, given, actual)
		}
	}
	if isEmpty(input) && isEmpty(live) || sameQuantity(path, input, live) {
		return input
	}
	return live
}

func refreshMap(path []any, input, live map[string]any) map[string]any {
	refreshed := make(map[string]any, len(input))
	for key, value := range input {
		if current := refresh(append(path, key), value, live[key]); current != nil {
			refreshed[key] = current
		}
	}
	return refreshed
}

func refreshList(path []any, input, live []any) []any {
	if names, ok := byName(live); ok && hasNames(input) {
		return refreshNamed(path, input, names)
	}
	if len(input) != len(live) {
		return live
	}
	refreshed := make([]any, len(input))
	for i := range input {
		refreshed[i] = refresh(append(path, i), input[i], live[i])
	}
	return refreshed
}

// refreshNamed pairs list elements by name, so that an injected container or variable, which is
// somebody else's, does not count as a change.
func refreshNamed(path []any, input []any, live map[string]any) []any {
	refreshed := make([]any, 0, len(input))
	for i, element := range input {
		name := element.(map[string]any)["name"].(string)
		if current, ok := live[name]; ok {
			refreshed = append(refreshed, refresh(append(path, i), element, current))
		}
	}
	return refreshed
}

func hasNames(list []any) bool {
	_, ok := byName(list)
	return ok
}

// byName indexes a list of objects by their names, if these are unique.
func byName(list []any) (map[string]any, bool) {
	named := make(map[string]any, len(list))
	for _, element := range list {
		object, ok := element.(map[string]any)
		if !ok {
			return nil, false
		}
		name, ok := object["name"].(string)
		if _, twice := named[name]; !ok || twice {
			return nil, false
		}
		named[name] = element
	}
	return named, true
}

// Forecast is what a preview may promise of an object that the server has only tried to create:
// what the server would choose anew at the real creation is unknown.
func Forecast(state, inputs map[string]any) map[string]any {
	forecast := runtime.DeepCopyJSON(state)
	metadata := forecast["metadata"].(map[string]any)
	metadata["resourceVersion"] = Unknown{} // a tried creation has none yet
	for _, key := range []string{"creationTimestamp", "generation", "resourceVersion", "uid"} {
		forget(metadata, key)
	}
	if Metadata(inputs, "name") == "" {
		metadata["name"] = Unknown{}
	}
	forget(forecast, "status")
	if inputs["kind"] == "Service" {
		forecastService(forecast, inputs)
	}
	return forecast
}

func forecastService(forecast, inputs map[string]any) {
	spec, _ := forecast["spec"].(map[string]any)
	given, _ := inputs["spec"].(map[string]any)
	for _, key := range []string{"clusterIP", "clusterIPs", "healthCheckNodePort"} {
		if given[key] == nil && given["clusterIP"] == nil {
			forget(spec, key)
		}
	}
	ports, _ := spec["ports"].([]any)
	givenPorts, _ := given["ports"].([]any)
	for i, port := range ports {
		served, _ := port.(map[string]any)
		if i >= len(givenPorts) {
			continue
		}
		if wish, _ := givenPorts[i].(map[string]any); wish["nodePort"] == nil {
			forget(served, "nodePort")
		}
	}
}

func forget(object map[string]any, key string) {
	if _, ok := object[key]; ok {
		object[key] = Unknown{}
	}
}

// Overlay is state with the values of inputs laid over it.
func Overlay(state, inputs map[string]any) map[string]any {
	merged := maps.Clone(state)
	if merged == nil {
		merged = map[string]any{}
	}
	for key, value := range inputs {
		below, isMap := merged[key].(map[string]any)
		above, alsoMap := value.(map[string]any)
		if isMap && alsoMap {
			value = Overlay(below, above)
		}
		merged[key] = value
	}
	return merged
}

func isEmpty(value any) bool {
	switch typed := value.(type) {
	case nil:
		return true
	case map[string]any:
		return len(typed) == 0
	case []any:
		return len(typed) == 0
	}
	return false
}
