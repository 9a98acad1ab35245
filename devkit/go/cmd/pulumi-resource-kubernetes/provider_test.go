package main

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"efd.local/devkit/internal/object"
)

const urn = resource.URN("urn:pulumi:dev::efd::kubernetes:core/v1:ConfigMap::conf")

// check runs Check as a preview does that does not know its cluster.
func check(t *testing.T, request sdk.CheckRequest) sdk.CheckResponse {
	t.Helper()
	request.URN = urn
	if request.Type == "" {
		request.Type = urn.Type()
	}
	response, err := newProvider(nil).Check(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func properties(of map[string]any) resource.PropertyMap { return object.ToProperties(of) }

func named(name string, autonamed bool) resource.PropertyMap {
	metadata := map[string]any{"name": name}
	if autonamed {
		metadata["annotations"] = map[string]any{object.AutonamedAnnotation: "true"}
	}
	return properties(map[string]any{"kind": "ConfigMap", "apiVersion": "v1", "metadata": metadata})
}

func TestNamesAreChosenKeptAndProposed(t *testing.T) {
	seed := []byte("01234567890123456789012345678901")
	propose := func(mode sdk.AutonamingMode) *sdk.AutonamingOptions {
		return &sdk.AutonamingOptions{ProposedName: "proposed", Mode: mode}
	}
	cases := map[string]struct {
		request   sdk.CheckRequest
		want      string
		autonamed bool
	}{
		"a given name stays":             {sdk.CheckRequest{News: named("mine", false), RandomSeed: seed}, "mine", false},
		"a missing one is chosen":        {sdk.CheckRequest{RandomSeed: seed}, "conf-", true},
		"a chosen one is kept":           {sdk.CheckRequest{Olds: named("conf-1", true), RandomSeed: seed}, "conf-1", true},
		"one given before is not":        {sdk.CheckRequest{Olds: named("old", false), RandomSeed: seed}, "conf-", true},
		"the engine's proposal is taken": {sdk.CheckRequest{Autonaming: propose(sdk.AutonamingModePropose)}, "proposed", true},
		"a prefix is the server's affair": {sdk.CheckRequest{News: properties(map[string]any{
			"metadata": map[string]any{"generateName": "a-"},
		})}, "", false},
	}
	for name, example := range cases {
		t.Run(name, func(t *testing.T) {
			inputs := object.FromProperties(check(t, example.request).Properties)
			got := object.Metadata(inputs, "name")
			if !strings.HasPrefix(got, example.want) || example.want == "" && got != "" {
				t.Errorf("the name is %q, want %q", got, example.want)
			}
			if object.IsAutonamed(inputs) != example.autonamed {
				t.Errorf("autonamed is %t, want %t", !example.autonamed, example.autonamed)
			}
		})
	}
}

func TestWithoutAutomaticNamingANameIsNeeded(t *testing.T) {
	response := check(t, sdk.CheckRequest{Autonaming: &sdk.AutonamingOptions{Mode: sdk.AutonamingModeDisabled}})
	if len(response.Failures) != 1 || response.Failures[0].Property != "metadata.name" {
		t.Errorf("got %v", response.Failures)
	}
}

func TestTheKindIsTakenFromTheResourceType(t *testing.T) {
	for token, want := range map[tokens.Type]schema.GroupVersionKind{
		"kubernetes:core/v1:ConfigMap":         {Version: "v1", Kind: "ConfigMap"},
		"kubernetes:apps/v1:StatefulSet":       {Group: "apps", Version: "v1", Kind: "StatefulSet"},
		"kubernetes:cert-manager.io/v1:Issuer": {Group: "cert-manager.io", Version: "v1", Kind: "Issuer"},
	} {
		if got, err := kindOf(token); err != nil || got != want {
			t.Errorf("%s: got %v, %v", token, got, err)
		}
	}
}

func TestTypesThatAreNoObjectsAreRefusedClearly(t *testing.T) {
	for _, token := range []tokens.Type{
		"kubernetes:core/v1:ConfigMapPatch", "kubernetes:core/v1:ConfigMapList",
		"kubernetes:helm.sh/v3:Release", "kubernetes:yaml/v2:ConfigGroup", "kubernetes:kustomize/v2:Directory",
	} {
		response := check(t, sdk.CheckRequest{Type: token, News: resource.PropertyMap{}})
		if len(response.Failures) != 1 || !strings.Contains(response.Failures[0].Reason, "official Kubernetes provider") {
			t.Errorf("%s: got %v", token, response.Failures)
		}
	}
}

func TestASuccessorThatNeedsTheNameComesAfterTheDeletion(t *testing.T) {
	withData := func(inputs resource.PropertyMap, data string) map[string]any {
		of := object.FromProperties(inputs)
		of["data"] = map[string]any{"a": data}
		return of
	}
	kind := schema.GroupKind{Kind: "ConfigMap"}
	cases := map[string]struct {
		older, newer map[string]any
		want         bool
	}{
		"the same given name":    {withData(named("a", false), "1"), withData(named("a", false), "2"), true},
		"a chosen name":          {withData(named("a", true), "1"), withData(named("a", true), "2"), false},
		"another name":           {withData(named("a", false), "1"), withData(named("b", false), "2"), false},
		"nothing to be replaced": {withData(named("a", false), "1"), withData(named("a", false), "1"), false},
	}
	for name, example := range cases {
		if got := diff(kind, example.older, example.newer).DeleteBeforeReplace; got != example.want {
			t.Errorf("%s: delete before replace is %t, want %t", name, got, example.want)
		}
	}
}

func TestStringDataAndItsEncodingAreTheSame(t *testing.T) {
	older := properties(map[string]any{"kind": "Secret", "stringData": map[string]any{"a": "b"}})
	newer := properties(map[string]any{"kind": "Secret", "data": map[string]any{"a": "Yg=="}})
	response, err := newProvider(nil).Diff(t.Context(), sdk.DiffRequest{
		Type: "kubernetes:core/v1:Secret", OldInputs: older, NewInputs: newer,
	})
	if err != nil || response.Changes != sdk.DiffNone {
		t.Errorf("got %v, %v", response, err)
	}
}

func TestAnotherPathToTheSameClusterReplacesNothing(t *testing.T) {
	config := func(server string) string {
		return "{apiVersion: v1, kind: Config, clusters: [{name: c, cluster: {server: " + server + "}}]," +
			" contexts: [{name: x, context: {cluster: c}}], current-context: x}"
	}
	settings := func(kubeconfig, identifier string) resource.PropertyMap {
		return properties(map[string]any{"kubeconfig": kubeconfig, "clusterIdentifier": identifier})
	}
	cases := map[string]struct {
		older, newer resource.PropertyMap
		want         bool
	}{
		"a new file, same identifier": {settings("/old", "site"), settings("/new", "site"), false},
		"another identifier":          {settings("/old", "site"), settings("/old", "other"), true},
		"another server":              {settings(config("https://a"), ""), settings(config("https://b"), ""), true},
		"the same server":             {settings(config("https://a"), ""), settings(config("https://a")+"\n", ""), false},
		"a lost kubeconfig":           {settings("/old", ""), settings(config("https://b"), ""), false},
	}
	for name, example := range cases {
		response, err := newProvider(nil).DiffConfig(t.Context(), sdk.DiffConfigRequest{
			OldInputs: example.older, NewInputs: example.newer,
		})
		if err != nil || response.Changes != sdk.DiffSome || (len(response.ReplaceKeys) > 0) != example.want {
			t.Errorf("%s: got %+v, %v", name, response, err)
		}
	}
}

func TestSettingsThatWouldBeIgnoredAreRefused(t *testing.T) {
	response, err := newProvider(nil).CheckConfig(t.Context(), sdk.CheckConfigRequest{News: properties(map[string]any{
		"kubeconfig": "x", "version": "4.34.2", "enableServerSideApply": "true",
		"enableConfigMapMutable": "true", "renderYamlToDirectory": "/tmp/x",
	})})
	if err != nil {
		t.Fatal(err)
	}
	refused := map[resource.PropertyKey]bool{}
	for _, failure := range response.Failures {
		refused[failure.Property] = true
	}
	if len(refused) != 2 || !refused["enableConfigMapMutable"] || !refused["renderYamlToDirectory"] {
		t.Errorf("got %v", response.Failures)
	}
}

func TestConflictsNameTheFieldsAndTheirManagers(t *testing.T) {
	err := apierrors.NewApplyConflict([]metav1.StatusCause{{
		Type: metav1.CauseTypeFieldManagerConflict, Field: ".spec.replicas",
		Message: `conflict with "kubectl" with subresource "scale" using apps/v1`,
	}}, "conflict")
	found := conflictsOf(err)
	if got, want := found.String(), `spec.replicas belongs to "kubectl"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if found.onlyWith("pulumi-kubernetes-1") || !found.onlyWith("kubectl") {
		t.Error("the manager in the way was not told from our own")
	}
	if conflictsOf(apierrors.NewConflict(schema.GroupResource{}, "a", nil)) != nil {
		t.Error("an outdated resource version is no conflict of managers")
	}
}

func TestTheFieldManagerIsTheStatesOwnFirst(t *testing.T) {
	annotated := map[string]any{"metadata": map[string]any{"annotations": map[string]any{managerAnnotation: "me"}}}
	state := properties(map[string]any{managerProperty: "pulumi-kubernetes-1234"})
	if got := fieldManager(urn, annotated, state); got != "me" {
		t.Errorf("the program's own choice was overruled by %q", got)
	}
	if got := fieldManager(urn, nil, state); got != "pulumi-kubernetes-1234" {
		t.Errorf("got %q: the fields of the object would become a stranger's", got)
	}
	if first, again := fieldManager(urn, nil, nil), fieldManager(urn, nil, nil); first != again {
		t.Errorf("%q is not %q", first, again)
	}
}

func TestDeletionFollowsItsAnnotation(t *testing.T) {
	for text, want := range map[string]metav1.DeletionPropagation{
		"": "Foreground", "foreground": "Foreground", "background": "Background", "orphan": "Orphan",
	} {
		state := map[string]any{"metadata": map[string]any{"annotations": map[string]any{propagationAnnotation: text}}}
		if got, err := propagation(state); err != nil || got != want {
			t.Errorf("%q: got %s, %v", text, got, err)
		}
	}
	state := map[string]any{"metadata": map[string]any{"annotations": map[string]any{propagationAnnotation: "never"}}}
	if _, err := propagation(state); err == nil {
		t.Error("an unknown policy was accepted")
	}
}

func TestAJobThatFailedIsMadeAnewWhereItSaysSo(t *testing.T) {
	job := func(annotated bool) map[string]any {
		metadata := map[string]any{"name": "check-1"}
		if annotated {
			metadata["annotations"] = map[string]any{replaceUnready: "true"}
		}
		return map[string]any{"kind": "Job", "apiVersion": "batch/v1", "metadata": metadata}
	}
	ended := func(how string) map[string]any {
		state := job(true)
		state["status"] = map[string]any{
			"conditions": []any{map[string]any{"type": how, "status": "True"}},
		}
		return state
	}
	for name, example := range map[string]struct {
		inputs, state map[string]any
		want          sdk.DiffChanges
	}{
		"failed and annotated": {job(true), ended("Failed"), sdk.DiffSome},
		"complete":             {job(true), ended("Complete"), sdk.DiffNone},
		"not annotated":        {job(false), ended("Failed"), sdk.DiffNone},
	} {
		response, err := newProvider(nil).Diff(t.Context(), sdk.DiffRequest{
			Type: "kubernetes:batch/v1:Job", OldInputs: properties(example.inputs),
			NewInputs: properties(example.inputs), OldOutputs: properties(example.state),
		})
		if err != nil {
			t.Fatal(err)
		}
		if response.Changes != example.want {
			t.Errorf("%s: %v", name, response.Changes)
		}
		for path, change := range response.DetailedDiff {
			if !change.Kind.IsReplace() {
				t.Errorf("%s: %s does not replace", name, path)
			}
		}
	}
}
