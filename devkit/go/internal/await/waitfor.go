package await

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/util/jsonpath"
)

// parseWaitFor reads the annotation pulumi.com/waitFor: "condition=Ready", "condition=Ready=False",
// "jsonpath={.status.phase}=Running", "jsonpath={.status.address}", or a JSON list of these, all of
// which must hold.
func parseWaitFor(text string) (Condition, error) {
	expressions := []string{text}
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		if err := json.Unmarshal([]byte(text), &expressions); err != nil {
			return nil, fmt.Errorf("not a JSON list of texts: %w", err)
		}
	}
	var conditions []Condition
	for _, expression := range expressions {
		condition, err := parseExpression(expression)
		if err != nil {
			return nil, err
		}
		conditions = append(conditions, condition)
	}
	return all(conditions), nil
}

func parseExpression(expression string) (Condition, error) {
	kind, rest, _ := strings.Cut(expression, "=")
	switch {
	case kind == "condition" && rest != "":
		name, status, given := strings.Cut(rest, "=")
		if !given {
			status = "True"
		}
		return hasCondition(name, status), nil
	case kind == "jsonpath" && rest != "":
		return parseJSONPath(rest)
	}
	return nil, errors.New("allowed are condition=NAME, condition=NAME=STATUS, jsonpath={PATH}," +
		" jsonpath={PATH}=VALUE, or a JSON list of these")
}

func parseJSONPath(text string) (Condition, error) {
	end := strings.LastIndex(text, "}")
	if !strings.HasPrefix(text, "{") || end < 0 {
		return nil, errors.New("a JSONPath stands in braces: jsonpath={.status.phase}=Running")
	}
	path, rest := text[:end+1], text[end+1:]
	if rest != "" && !strings.HasPrefix(rest, "=") {
		return nil, fmt.Errorf("after %s comes =VALUE or nothing", path)
	}
	parser := jsonpath.New("waitFor").AllowMissingKeys(true)
	if err := parser.Parse(path); err != nil {
		return nil, err
	}
	return matchesPath(parser, path, strings.TrimPrefix(rest, "="), rest != ""), nil
}

func matchesPath(parser *jsonpath.JSONPath, path, wanted string, exact bool) Condition {
	return func(object *unstructured.Unstructured) (Progress, error) {
		results, err := parser.FindResults(object.Object)
		if err != nil {
			return Progress{}, err
		}
		for _, result := range results {
			for _, value := range result {
				found := fmt.Sprint(value.Interface())
				if !exact || found == wanted {
					return Progress{Done: true}, nil
				}
			}
		}
		if exact {
			return waiting("%s to be %q", path, wanted), nil
		}
		return waiting("%s to be there", path), nil
	}
}

// hasCondition waits for an entry of status.conditions that belongs to the present generation.
func hasCondition(name, status string) Condition {
	return func(object *unstructured.Unstructured) (Progress, error) {
		entry := findCondition(object, name)
		if entry == nil {
			return waiting("condition %s", name), nil
		}
		observed, known, _ := unstructured.NestedInt64(entry, "observedGeneration")
		current := !known || observed >= object.GetGeneration()
		if actual, _ := entry["status"].(string); current && strings.EqualFold(actual, status) {
			return Progress{Done: true}, nil
		}
		message, _ := entry["message"].(string)
		return waiting("condition %s to be %s %s", name, status, message), nil
	}
}

func findCondition(object *unstructured.Unstructured, name string) map[string]any {
	entries, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, entry := range entries {
		condition, _ := entry.(map[string]any)
		if kind, _ := condition["type"].(string); strings.EqualFold(kind, name) {
			return condition
		}
	}
	return nil
}

func all(conditions []Condition) Condition {
	return func(object *unstructured.Unstructured) (Progress, error) {
		for _, condition := range conditions {
			progress, err := condition(object)
			if err != nil || !progress.Done {
				return progress, err
			}
		}
		return Progress{Done: true}, nil
	}
}
