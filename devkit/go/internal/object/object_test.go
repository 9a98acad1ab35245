package object

import (
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func text(value string) resource.PropertyValue { return resource.NewStringProperty(value) }

func TestAPropertyMapBecomesAnObjectWithWholeNumbersAndWithoutNullsAndMarks(t *testing.T) {
	properties := resource.PropertyMap{
		"replicas": resource.NewNumberProperty(3),
		"ratio":    resource.NewNumberProperty(0.5),
		"nothing":  resource.NewNullProperty(),
		"later":    resource.MakeComputed(text("")),
		"password": resource.MakeSecret(text("p")),
		"list":     resource.NewArrayProperty([]resource.PropertyValue{resource.NewBoolProperty(true)}),
	}
	want := map[string]any{
		"replicas": int64(3), "ratio": 0.5, "later": Unknown{}, "password": "p", "list": []any{true},
	}
	if got := FromProperties(properties); !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
}

func TestAnObjectSurvivesTheWayThroughProperties(t *testing.T) {
	object := map[string]any{
		"a": int64(1), "b": 1.5, "c": []any{"x", map[string]any{"d": true}}, "e": Unknown{}, "f": map[string]any{},
	}
	if got := FromProperties(ToProperties(object)); !reflect.DeepEqual(got, object) {
		t.Errorf("got %#v, want %#v", got, object)
	}
}

func TestUnknownsAreFoundAtAnyDepth(t *testing.T) {
	if !HasUnknown(map[string]any{"a": []any{map[string]any{"b": Unknown{}}}}) {
		t.Error("an unknown in a map in a list was missed")
	}
	if HasUnknown(map[string]any{"a": []any{"b", int64(1)}}) {
		t.Error("an unknown was found where there is none")
	}
}

func TestAssetsAndArchivesAreFound(t *testing.T) {
	asset := resource.PropertyMap{"a": resource.NewAssetProperty(nil)}
	if !HasFile(resource.NewObjectProperty(resource.PropertyMap{"b": resource.NewObjectProperty(asset)})) {
		t.Error("an asset in a map was missed")
	}
}

func TestReadOnlyMetadataAndStatusAreDropped(t *testing.T) {
	properties := ToProperties(map[string]any{
		"metadata": map[string]any{"name": "a", "uid": "1", "managedFields": []any{}, "generation": int64(2)},
		"status":   map[string]any{"x": "y"},
		"spec":     map[string]any{"s": "t"},
	})
	DropReadOnly(properties)
	want := map[string]any{"metadata": map[string]any{"name": "a"}, "spec": map[string]any{"s": "t"}}
	if got := FromProperties(properties); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestUnknownMetadataIsLeftAlone(t *testing.T) {
	properties := resource.PropertyMap{"metadata": resource.MakeComputed(text(""))}
	EditMetadata(properties, func(resource.PropertyMap) { t.Error("there is nothing to edit yet") })
	if !properties["metadata"].IsComputed() {
		t.Error("the unknown metadata was replaced")
	}
}

func TestAnnotatingKeepsOtherAnnotationsAndSecrecy(t *testing.T) {
	metadata := resource.PropertyMap{"annotations": resource.MakeSecret(
		resource.NewObjectProperty(resource.PropertyMap{"a": text("b")}))}
	Annotate(metadata, "c", "d")
	inner, secret := Reveal(metadata["annotations"])
	want := map[string]any{"a": "b", "c": "d"}
	if got := FromProperties(inner.ObjectValue()); !secret || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v (secret: %t), want %v, secret", got, secret, want)
	}
}
