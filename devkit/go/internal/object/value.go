// Package object turns Pulumi property maps into Kubernetes objects and back.
package object

import (
	"math"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Unknown stands in an object for a value that a preview cannot know yet.
type Unknown struct{}

// FromProperties returns the object that a property map describes, without secret marks and nulls.
// Whole numbers, which Pulumi carries as doubles, become int64 as in decoded JSON objects.
func FromProperties(properties resource.PropertyMap) map[string]any {
	object := make(map[string]any, len(properties))
	for key, value := range properties {
		if plain := fromValue(value); plain != nil {
			object[string(key)] = plain
		}
	}
	return object
}

func fromValue(value resource.PropertyValue) any {
	switch inner, _ := Reveal(value); {
	case isUnknown(inner):
		return Unknown{}
	case inner.IsObject():
		return FromProperties(inner.ObjectValue())
	case inner.IsArray():
		elements := make([]any, len(inner.ArrayValue()))
		for i, element := range inner.ArrayValue() {
			elements[i] = fromValue(element)
		}
		return elements
	case inner.IsNumber():
		return fromNumber(inner.NumberValue())
	case inner.IsBool(), inner.IsString():
		return inner.V
	default:
		return nil
	}
}

func fromNumber(number float64) any {
	if number == math.Trunc(number) && math.Abs(number) < 1<<53 {
		return int64(number)
	}
	return number
}

// ToProperties returns the property map of an object.
func ToProperties(object map[string]any) resource.PropertyMap {
	properties := make(resource.PropertyMap, len(object))
	for key, value := range object {
		properties[resource.PropertyKey(key)] = toValue(value)
	}
	return properties
}

func toValue(value any) resource.PropertyValue {
	switch typed := value.(type) {
	case Unknown:
		return resource.MakeComputed(resource.NewStringProperty(""))
	case map[string]any:
		return resource.NewObjectProperty(ToProperties(typed))
	case []any:
		elements := make([]resource.PropertyValue, len(typed))
		for i, element := range typed {
			elements[i] = toValue(element)
		}
		return resource.NewArrayProperty(elements)
	default:
		return resource.NewPropertyValue(typed)
	}
}

// HasUnknown reports whether any value of an object is unknown.
func HasUnknown(value any) bool {
	switch typed := value.(type) {
	case Unknown:
		return true
	case map[string]any:
		for _, element := range typed {
			if HasUnknown(element) {
				return true
			}
		}
	case []any:
		for _, element := range typed {
			if HasUnknown(element) {
				return true
			}
		}
	}
	return false
}

// HasFile reports whether a property map holds a Pulumi asset or archive, which no object can.
func HasFile(value resource.PropertyValue) bool {
	inner, _ := Reveal(value)
	switch {
	case inner.IsAsset(), inner.IsArchive():
		return true
	case inner.IsObject():
		for _, element := range inner.ObjectValue() {
			if HasFile(element) {
				return true
			}
		}
	case inner.IsArray():
		for _, element := range inner.ArrayValue() {
			if HasFile(element) {
				return true
			}
		}
	}
	return false
}

func isUnknown(value resource.PropertyValue) bool {
	return value.IsComputed() || value.IsOutput() && !value.OutputValue().Known
}
