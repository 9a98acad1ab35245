package object

import (
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func TestStringDataOfASecretBecomesEncodedSecretData(t *testing.T) {
	properties := resource.PropertyMap{
		"data": resource.NewObjectProperty(resource.PropertyMap{"kept": text("YQ==")}),
		"stringData": resource.MakeSecret(resource.NewObjectProperty(resource.PropertyMap{
			"clear": text("efd"),
			"later": resource.MakeComputed(text("")),
			"twice": resource.MakeSecret(text("x")),
		})),
	}
	encoded := EncodeStringData("Secret", properties)
	if _, ok := encoded["stringData"]; ok {
		t.Error("the server never gives stringData back, so it must not stay")
	}
	if !encoded["data"].IsSecret() {
		t.Error("the data of a Secret has to be secret")
	}
	want := map[string]any{"data": map[string]any{"kept": "YQ==", "clear": "ZWZk", "later": Unknown{}, "twice": "eA=="}}
	if got := FromProperties(encoded); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestStringDataOfOtherKindsIsTheirOwnAffair(t *testing.T) {
	properties := resource.PropertyMap{"stringData": resource.NewObjectProperty(resource.PropertyMap{"a": text("b")})}
	if _, ok := EncodeStringData("Widget", properties)["stringData"]; !ok {
		t.Error("only a Secret's stringData is special")
	}
}

func TestWhollyUnknownStringDataIsUnknownData(t *testing.T) {
	encoded := EncodeStringData("Secret", resource.PropertyMap{"stringData": resource.MakeComputed(text(""))})
	if !HasUnknown(FromProperties(encoded)) {
		t.Error("a preview must not take unknown contents for none")
	}
}

func TestOutputsAreSecretWhereInputsAre(t *testing.T) {
	inputs := resource.PropertyMap{
		"spec": resource.NewObjectProperty(resource.PropertyMap{
			"list": resource.NewArrayProperty([]resource.PropertyValue{text("a"), resource.MakeSecret(text("b"))}),
		}),
	}
	outputs := SealLike(ToProperties(map[string]any{
		"spec": map[string]any{"list": []any{"a", "b", "c"}, "other": "d"},
	}), inputs)
	list := outputs["spec"].ObjectValue()["list"].ArrayValue()
	if list[0].IsSecret() || !list[1].IsSecret() || list[2].IsSecret() {
		t.Errorf("only the second element is secret: %v", list)
	}
}

func TestTheDataOfASecretIsSecretEvenWhenGivenInClear(t *testing.T) {
	sealed := SealData("Secret", ToProperties(map[string]any{"data": map[string]any{"a": "b"}}))
	if !sealed["data"].IsSecret() {
		t.Error("a Secret's data would reach the state in clear")
	}
	if SealData("ConfigMap", ToProperties(map[string]any{"data": map[string]any{}}))["data"].IsSecret() {
		t.Error("a ConfigMap's data is no secret")
	}
}

func TestMessagesShowNoSecretInAnyForm(t *testing.T) {
	properties := resource.PropertyMap{"data": resource.MakeSecret(
		resource.NewObjectProperty(resource.PropertyMap{"a": text("aHVudGVyMjI=")}))} // hunter22
	message := Redact(`value "aHVudGVyMjI=", that is hunter22, is bad`, properties)
	if strings.Contains(message, "hunter22") || strings.Contains(message, "aHVudGVyMjI=") {
		t.Errorf("a secret shows in %q", message)
	}
	if want := `value "[secret]", that is [secret], is bad`; message != want {
		t.Errorf("got %q, want %q", message, want)
	}
}
