package main

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"golang.org/x/crypto/bcrypt"
)

const password = tokens.Type("random:index/randomPassword:RandomPassword")

func inputs(of map[string]any) resource.PropertyMap { return resource.NewPropertyMapFromMap(of) }

func create(t *testing.T, token tokens.Type, of map[string]any) sdk.CreateResponse {
	t.Helper()
	response, err := (&randomProvider{}).Create(t.Context(), sdk.CreateRequest{Type: token, Properties: inputs(of)})
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func secretText(t *testing.T, value resource.PropertyValue) string {
	t.Helper()
	if !value.IsSecret() {
		t.Fatalf("%v is not secret", value)
	}
	return value.SecretValue().Element.StringValue()
}

func TestPasswordsHaveWhatTheyMustHave(t *testing.T) {
	cases := map[string]struct {
		given   map[string]any
		allowed string
		minimum map[string]int
	}{
		"digits only": {
			map[string]any{"length": 12, "lower": false, "upper": false, "special": false}, "0123456789", nil,
		},
		"the old name of numeric": {
			map[string]any{"length": 64, "number": false, "upper": false, "special": false},
			"abcdefghijklmnopqrstuvwxyz", nil,
		},
		"own special characters": {
			map[string]any{"length": 20, "lower": false, "upper": false, "numeric": false, "overrideSpecial": "-_"},
			"-_", nil,
		},
		"minimums": {
			map[string]any{"length": 10, "minUpper": 3, "minNumeric": 3, "minSpecial": 4}, "",
			map[string]int{"ABCDEFGHIJKLMNOPQRSTUVWXYZ": 3, "0123456789": 3, "!@#$%&*()-_=+[]{}<>:?": 4},
		},
	}
	for name, example := range cases {
		t.Run(name, func(t *testing.T) {
			text := secretText(t, create(t, password, example.given).Properties["result"])
			if len(text) != example.given["length"] {
				t.Errorf("%q has %d characters, want %v", text, len(text), example.given["length"])
			}
			if example.allowed != "" && strings.Trim(text, example.allowed) != "" {
				t.Errorf("%q has others than %q", text, example.allowed)
			}
			for characters, minimum := range example.minimum {
				count := 0
				for _, character := range text {
					if strings.ContainsRune(characters, character) {
						count++
					}
				}
				if count < minimum {
					t.Errorf("%q has %d of %q, want %d", text, count, characters, minimum)
				}
			}
		})
	}
}

func TestAPasswordComesWithItsHashAndIsNotItsID(t *testing.T) {
	made := create(t, password, map[string]any{"length": 100})
	text := secretText(t, made.Properties["result"])
	hash := secretText(t, made.Properties["bcryptHash"])
	if err := bcrypt.CompareHashAndPassword([]byte(hash), []byte(text)[:72]); err != nil {
		t.Error(err)
	}
	if made.ID != withoutID {
		t.Errorf("the id %q would show in clear", made.ID)
	}
}

func TestContradictoryInputsAreRefused(t *testing.T) {
	cases := map[string]struct {
		given    map[string]any
		property resource.PropertyKey
	}{
		"no length":                  {map[string]any{}, "length"},
		"length zero":                {map[string]any{"length": 0}, "length"},
		"minimums beyond the length": {map[string]any{"length": 3, "minLower": 2, "minUpper": 2}, "length"},
		"a minimum of what is off":   {map[string]any{"length": 9, "lower": false, "minLower": 1}, "minLower"},
		"a negative minimum":         {map[string]any{"length": 9, "minLower": -1}, "minLower"},
		"nothing to choose from": {
			map[string]any{"length": 9, "lower": false, "upper": false, "numeric": false, "special": false}, "length",
		},
	}
	for name, example := range cases {
		response, err := (&randomProvider{}).Check(t.Context(), sdk.CheckRequest{Type: password, News: inputs(example.given)})
		if err != nil || len(response.Failures) != 1 || response.Failures[0].Property != example.property {
			t.Errorf("%s: got %v, %v", name, response.Failures, err)
		}
	}
}

func TestAnyChangeMakesANewValue(t *testing.T) {
	diff := func(older, newer map[string]any) sdk.DiffResponse {
		response, err := (&randomProvider{}).Diff(t.Context(), sdk.DiffRequest{
			Type: password, OldInputs: inputs(older), NewInputs: inputs(newer),
		})
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	keepers := diff(map[string]any{"length": 9, "keepers": map[string]any{"a": "1"}},
		map[string]any{"length": 9, "keepers": map[string]any{"a": "2"}})
	if !keepers.Replace() || keepers.DeleteBeforeReplace {
		t.Errorf("got %+v", keepers)
	}
	spelledOut := diff(map[string]any{"length": 9}, map[string]any{"length": 9, "special": true, "minLower": 0})
	if spelledOut.Changes != sdk.DiffNone {
		t.Errorf("a default that is spelled out makes a new password: %+v", spelledOut)
	}
}

func TestAPreviewKnowsNoValueYet(t *testing.T) {
	response, err := (&randomProvider{}).Create(t.Context(), sdk.CreateRequest{
		Type: password, Properties: inputs(map[string]any{"length": 9}), Preview: true,
	})
	result := response.Properties["result"]
	if err != nil || !result.IsSecret() || !result.SecretValue().Element.IsComputed() {
		t.Errorf("got %v, %v", result, err)
	}
}

func TestGivenValuesAreTakenOver(t *testing.T) {
	cases := map[tokens.Type]struct {
		given, id string
		key       resource.PropertyKey
		want      string
	}{
		password:                                 {"hunter22", "none", "result", "hunter22"},
		"random:index/randomString:RandomString": {"abc", "abc", "result", "abc"},
		"random:index/randomBytes:RandomBytes":   {"AAEC", "none", "hex", "000102"},
		"random:index/randomId:RandomId":         {"p-,AAEC", "AAEC", "hex", "p-000102"},
		"random:index/randomUuid:RandomUuid": {
			"6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
			"result", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
		},
	}
	for token, example := range cases {
		response, err := (&randomProvider{}).Read(t.Context(), sdk.ReadRequest{Type: token, ID: resource.ID(example.given)})
		if err != nil {
			t.Errorf("%s: %v", token, err)
			continue
		}
		if got := reveal(response.Outputs[example.key]).StringValue(); got != example.want || string(response.ID) != example.id {
			t.Errorf("%s: got %s with id %s, want %s with id %s", token, got, response.ID, example.want, example.id)
		}
	}
}

func TestIdsAreTheSameBytesInFourNotations(t *testing.T) {
	made := create(t, "random:index/randomId:RandomId", map[string]any{"byteLength": 2, "prefix": "p"})
	for _, key := range []resource.PropertyKey{"b64Std", "b64Url", "dec", "hex"} {
		if !strings.HasPrefix(made.Properties[key].StringValue(), "p") {
			t.Errorf("%s is %v, without its prefix", key, made.Properties[key])
		}
	}
}
