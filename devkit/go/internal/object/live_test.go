package object

import (
	"reflect"
	"testing"
)

func TestARefreshTakesWhatChangedAndLeavesWhatOthersAdded(t *testing.T) {
	named := func(name, image string) map[string]any { return map[string]any{"name": name, "image": image} }
	cases := map[string]struct{ inputs, live, want map[string]any }{
		"somebody scaled": {
			map[string]any{"replicas": int64(3)}, map[string]any{"replicas": int64(5), "paused": false},
			map[string]any{"replicas": int64(5)},
		},
		"somebody removed it": {
			map[string]any{"a": "b", "c": "d"}, map[string]any{"a": "b"}, map[string]any{"a": "b"},
		},
		"the server rewrote a quantity": {
			map[string]any{"limits": map[string]any{"cpu": "1000m"}}, map[string]any{"limits": map[string]any{"cpu": "1"}},
			map[string]any{"limits": map[string]any{"cpu": "1000m"}},
		},
		"the server dropped an empty section": {
			map[string]any{"securityContext": map[string]any{}}, map[string]any{},
			map[string]any{"securityContext": map[string]any{}},
		},
		"an injected container": {
			map[string]any{"containers": []any{named("kafka", "a")}},
			map[string]any{"containers": []any{named("sidecar", "x"), named("kafka", "b")}},
			map[string]any{"containers": []any{named("kafka", "b")}},
		},
		"defaults in a list without names": {
			map[string]any{"rules": []any{map[string]any{"port": int64(1)}}},
			map[string]any{"rules": []any{map[string]any{"port": int64(1), "protocol": "TCP"}}},
			map[string]any{"rules": []any{map[string]any{"port": int64(1)}}},
		},
		"a longer list of values": {
			map[string]any{"args": []any{"a"}}, map[string]any{"args": []any{"a", "b"}},
			map[string]any{"args": []any{"a", "b"}},
		},
		"names that are not unique": {
			map[string]any{"mounts": []any{map[string]any{"name": "v", "at": "/a"}, map[string]any{"name": "v", "at": "/b"}}},
			map[string]any{"mounts": []any{map[string]any{"name": "v", "at": "/a"}, map[string]any{"name": "v", "at": "/c"}}},
			map[string]any{"mounts": []any{map[string]any{"name": "v", "at": "/a"}, map[string]any{"name": "v", "at": "/c"}}},
		},
	}
	for name, example := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Refreshed(example.inputs, example.live); !reflect.DeepEqual(got, example.want) {
				t.Errorf("got %v, want %v", got, example.want)
			}
		})
	}
}

func TestStateKeepsNoBookkeepingOfFieldsAndNoCopyOfTheObject(t *testing.T) {
	live := map[string]any{"metadata": map[string]any{
		"name": "a", "managedFields": []any{}, "annotations": map[string]any{lastApplied: `{"data": "secret"}`},
	}}
	want := map[string]any{"metadata": map[string]any{"name": "a"}}
	if got := State(live); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if Annotation(live, lastApplied) == "" {
		t.Error("the live object itself must not change")
	}
}

func TestAPreviewPromisesNothingThatTheServerWillChooseAnew(t *testing.T) {
	inputs := map[string]any{"kind": "Service", "metadata": map[string]any{"name": "a"}, "spec": map[string]any{
		"ports": []any{map[string]any{"port": int64(1)}, map[string]any{"port": int64(2), "nodePort": int64(30002)}},
	}}
	tried := map[string]any{
		"kind":     "Service",
		"metadata": map[string]any{"name": "a", "uid": "x", "creationTimestamp": "now"},
		"spec": map[string]any{"clusterIP": "10.0.0.1", "type": "NodePort", "ports": []any{
			map[string]any{"port": int64(1), "nodePort": int64(30001)},
			map[string]any{"port": int64(2), "nodePort": int64(30002)},
		}},
		"status": map[string]any{},
	}
	want := map[string]any{
		"kind": "Service",
		"metadata": map[string]any{
			"name": "a", "uid": Unknown{}, "creationTimestamp": Unknown{}, "resourceVersion": Unknown{},
		},
		"spec": map[string]any{"clusterIP": Unknown{}, "type": "NodePort", "ports": []any{
			map[string]any{"port": int64(1), "nodePort": Unknown{}},
			map[string]any{"port": int64(2), "nodePort": int64(30002)},
		}},
		"status": Unknown{},
	}
	if got := Forecast(tried, inputs); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAHeadlessServiceStaysHeadlessInAPreview(t *testing.T) {
	inputs := map[string]any{"kind": "Service", "metadata": map[string]any{"name": "a"},
		"spec": map[string]any{"clusterIP": "None"}}
	forecast := Forecast(map[string]any{"metadata": map[string]any{},
		"spec": map[string]any{"clusterIP": "None", "clusterIPs": []any{"None"}}}, inputs)
	want := map[string]any{"clusterIP": "None", "clusterIPs": []any{"None"}}
	if !reflect.DeepEqual(forecast["spec"], want) {
		t.Errorf("got %v, want %v", forecast["spec"], want)
	}
}

func TestAnOverlayChangesNeitherOfItsParts(t *testing.T) {
	state := map[string]any{"a": map[string]any{"b": "1", "c": "2"}}
	inputs := map[string]any{"a": map[string]any{"b": "3"}}
	want := map[string]any{"a": map[string]any{"b": "3", "c": "2"}}
	if got := Overlay(state, inputs); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if state["a"].(map[string]any)["b"] != "1" {
		t.Error("the state was changed")
	}
}
