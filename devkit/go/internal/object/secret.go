package object

import (
	"encoding/base64"
	"sort"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Reveal returns a value without its secret mark, and whether it had one.
func Reveal(value resource.PropertyValue) (resource.PropertyValue, bool) {
	secret := false
	for {
		switch {
		case value.IsSecret():
			value, secret = value.SecretValue().Element, true
		case value.IsOutput() && value.OutputValue().Known:
			secret = secret || value.OutputValue().Secret
			value = value.OutputValue().Element
		default:
			return value, secret
		}
	}
}

// Seal marks a value as secret once.
func Seal(value resource.PropertyValue) resource.PropertyValue {
	if value.IsSecret() {
		return value
	}
	return resource.MakeSecret(value)
}

// SealLike marks as secret in target whatever is secret at the same place in pattern.
func SealLike(target, pattern resource.PropertyMap) resource.PropertyMap {
	for key, value := range target {
		if like, ok := pattern[key]; ok {
			target[key] = sealLike(value, like)
		}
	}
	return target
}

func sealLike(target, pattern resource.PropertyValue) resource.PropertyValue {
	like, secret := Reveal(pattern)
	switch {
	case secret:
		return Seal(target)
	case target.IsObject() && like.IsObject():
		return resource.NewObjectProperty(SealLike(target.ObjectValue(), like.ObjectValue()))
	case target.IsArray() && like.IsArray():
		elements, patterns := target.ArrayValue(), like.ArrayValue()
		for i := range min(len(elements), len(patterns)) {
			elements[i] = sealLike(elements[i], patterns[i])
		}
	}
	return target
}

// SealData marks the contents of an object of kind Secret as secret, given that way or not.
func SealData(kind string, properties resource.PropertyMap) resource.PropertyMap {
	if kind != "Secret" {
		return properties
	}
	for _, key := range []resource.PropertyKey{"data", "stringData"} {
		if value, ok := properties[key]; ok {
			properties[key] = Seal(value)
		}
	}
	return properties
}

// EncodeStringData merges the stringData of a Secret, which the server never gives back, into data.
func EncodeStringData(kind string, properties resource.PropertyMap) resource.PropertyMap {
	given, ok := properties["stringData"]
	if kind != "Secret" || !ok {
		return properties
	}
	delete(properties, "stringData")
	texts, _ := Reveal(given)
	if !texts.IsObject() {
		properties["data"] = Seal(texts)
		return properties
	}
	data := resource.PropertyMap{}
	if earlier, _ := Reveal(properties["data"]); earlier.IsObject() {
		data = earlier.ObjectValue().Copy()
	}
	for key, text := range texts.ObjectValue() {
		inner, _ := Reveal(text)
		if inner.IsString() {
			encoded := base64.StdEncoding.EncodeToString([]byte(inner.StringValue()))
			inner = resource.NewStringProperty(encoded)
		}
		data[key] = inner
	}
	properties["data"] = Seal(resource.NewObjectProperty(data))
	return properties
}

// Redact replaces every secret text of the properties, clear or in base64, in a message.
func Redact(message string, properties resource.PropertyMap) string {
	var secrets []string
	collectSecrets(resource.NewObjectProperty(properties), false, &secrets)
	sort.Slice(secrets, func(i, j int) bool { return len(secrets[i]) > len(secrets[j]) })
	for _, secret := range secrets {
		message = strings.ReplaceAll(message, secret, "[secret]")
	}
	return message
}

func collectSecrets(value resource.PropertyValue, secret bool, found *[]string) {
	inner, marked := Reveal(value)
	secret = secret || marked
	switch {
	case inner.IsObject():
		for _, element := range inner.ObjectValue() {
			collectSecrets(element, secret, found)
		}
	case inner.IsArray():
		for _, element := range inner.ArrayValue() {
			collectSecrets(element, secret, found)
		}
	case secret && inner.IsString() && inner.StringValue() != "":
		text := inner.StringValue()
		*found = append(*found, text, base64.StdEncoding.EncodeToString([]byte(text)))
		if decoded, err := base64.StdEncoding.DecodeString(text); err == nil && len(decoded) > 0 {
			*found = append(*found, string(decoded))
		}
	}
}
