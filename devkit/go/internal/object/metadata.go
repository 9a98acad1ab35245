package object

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// AutonamedAnnotation marks an object whose name the provider chose.
const AutonamedAnnotation = "pulumi.com/autonamed"

// lastApplied is kubectl's copy of a whole object, secrets included, in its own annotation.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

var readOnlyMetadata = []string{
	"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation",
	"managedFields", "resourceVersion", "selfLink", "uid",
}

// EditMetadata calls edit with the metadata of a property map, unless a preview does not know it.
func EditMetadata(properties resource.PropertyMap, edit func(metadata resource.PropertyMap)) {
	inner, secret := Reveal(properties["metadata"])
	metadata := resource.PropertyMap{}
	switch {
	case isUnknown(inner):
		return
	case inner.IsObject():
		metadata = inner.ObjectValue().Copy()
	}
	edit(metadata)
	value := resource.NewObjectProperty(metadata)
	if secret {
		value = Seal(value)
	}
	properties["metadata"] = value
}

// DropReadOnly removes what only the server writes: status and parts of the metadata.
func DropReadOnly(properties resource.PropertyMap) {
	delete(properties, "status")
	EditMetadata(properties, func(metadata resource.PropertyMap) {
		for _, key := range readOnlyMetadata {
			delete(metadata, resource.PropertyKey(key))
		}
	})
}

// Annotate sets an annotation in metadata, unless a preview does not know the annotations.
func Annotate(metadata resource.PropertyMap, name, value string) {
	inner, secret := Reveal(metadata["annotations"])
	if isUnknown(inner) {
		return
	}
	annotations := resource.PropertyMap{}
	if inner.IsObject() {
		annotations = inner.ObjectValue().Copy()
	}
	annotations[resource.PropertyKey(name)] = resource.NewStringProperty(value)
	metadata["annotations"] = resource.NewObjectProperty(annotations)
	if secret {
		metadata["annotations"] = Seal(metadata["annotations"])
	}
}

// Metadata returns a text field of an object's metadata, or "".
func Metadata(object map[string]any, field string) string {
	metadata, _ := object["metadata"].(map[string]any)
	text, _ := metadata[field].(string)
	return text
}

// Annotation returns an annotation of an object, or "".
func Annotation(object map[string]any, name string) string {
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	text, _ := annotations[name].(string)
	return text
}

// IsAutonamed reports whether the provider chose the object's name.
func IsAutonamed(object map[string]any) bool {
	return Annotation(object, AutonamedAnnotation) == "true"
}
