package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"

	"github.com/google/uuid"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"golang.org/x/crypto/bcrypt"
)

// kind is one type of random value.
type kind struct {
	defaults resource.PropertyMap // inputs and their defaults; null for none
	outputs  []resource.PropertyKey
	secrets  []resource.PropertyKey
	check    func(inputs resource.PropertyMap) []sdk.CheckFailure
	make     func(inputs resource.PropertyMap) (resource.ID, resource.PropertyMap, error)
	adopt    func(value string) (id resource.ID, inputs, state resource.PropertyMap, err error)
}

var kinds = map[string]*kind{
	"RandomPassword": {
		defaults: alphabetDefaults,
		outputs:  []resource.PropertyKey{"result", "bcryptHash"},
		secrets:  []resource.PropertyKey{"result", "bcryptHash"},
		check:    checkAlphabet,
		make: func(inputs resource.PropertyMap) (resource.ID, resource.PropertyMap, error) {
			return passwordState(inputs, alphabetOf(inputs).text())
		},
		adopt: adoptText(passwordState),
	},
	"RandomString": {
		defaults: alphabetDefaults,
		outputs:  []resource.PropertyKey{"result"},
		check:    checkAlphabet,
		make: func(inputs resource.PropertyMap) (resource.ID, resource.PropertyMap, error) {
			return stringState(inputs, alphabetOf(inputs).text())
		},
		adopt: adoptText(stringState),
	},
	"RandomBytes": {
		outputs: []resource.PropertyKey{"base64", "hex"},
		secrets: []resource.PropertyKey{"base64", "hex"},
		check:   checkLength("length"),
		make: func(inputs resource.PropertyMap) (resource.ID, resource.PropertyMap, error) {
			return bytesState(inputs, randomBytes(whole(inputs, "length")))
		},
		adopt: func(value string) (resource.ID, resource.PropertyMap, resource.PropertyMap, error) {
			raw, err := base64.StdEncoding.DecodeString(value)
			if err != nil {
				return "", nil, nil, fmt.Errorf("a RandomBytes is imported by its base64: %w", err)
			}
			inputs := resource.PropertyMap{"length": resource.NewNumberProperty(float64(len(raw)))}
			id, state, err := bytesState(inputs, raw)
			return id, inputs, state, err
		},
	},
	"RandomId": {
		outputs: []resource.PropertyKey{"b64Std", "b64Url", "dec", "hex"},
		check:   checkLength("byteLength"),
		make: func(inputs resource.PropertyMap) (resource.ID, resource.PropertyMap, error) {
			return idState(inputs, randomBytes(whole(inputs, "byteLength")))
		},
		adopt: adoptID,
	},
	"RandomUuid": {
		outputs: []resource.PropertyKey{"result"},
		check:   func(resource.PropertyMap) []sdk.CheckFailure { return nil },
		make: func(inputs resource.PropertyMap) (resource.ID, resource.PropertyMap, error) {
			return uuidState(inputs, uuid.New())
		},
		adopt: func(value string) (resource.ID, resource.PropertyMap, resource.PropertyMap, error) {
			parsed, err := uuid.Parse(value)
			if err != nil {
				return "", nil, nil, fmt.Errorf("a RandomUuid is imported by its value: %w", err)
			}
			id, state, err := uuidState(nil, parsed)
			return id, resource.PropertyMap{}, state, err
		},
	},
}

// complete is the inputs with the defaults for what they leave out, without secret marks.
func (k *kind) complete(inputs resource.PropertyMap) resource.PropertyMap {
	complete := k.defaults.Copy()
	for key, value := range inputs {
		if inner := reveal(value); !inner.IsNull() {
			complete[key] = inner
		}
	}
	return complete
}

// forecast is the state of a value that is still to be made.
func (k *kind) forecast(inputs resource.PropertyMap) resource.PropertyMap {
	state := inputs.Copy()
	for _, key := range k.outputs {
		state[key] = resource.MakeComputed(resource.NewStringProperty(""))
	}
	return k.seal(state)
}

func (k *kind) seal(state resource.PropertyMap) resource.PropertyMap {
	for _, key := range k.secrets {
		state[key] = resource.MakeSecret(state[key])
	}
	return state
}

// withoutID is the id of values that are secret themselves.
const withoutID resource.ID = "none"

func passwordState(inputs resource.PropertyMap, password string) (resource.ID, resource.PropertyMap, error) {
	const longest = 72 // bytes that bcrypt looks at; it refuses more
	hash, err := bcrypt.GenerateFromPassword([]byte(password)[:min(len(password), longest)], bcrypt.DefaultCost)
	if err != nil {
		return "", nil, err
	}
	state := withTexts(inputs, map[resource.PropertyKey]string{"result": password, "bcryptHash": string(hash)})
	return withoutID, state, nil
}

func stringState(inputs resource.PropertyMap, text string) (resource.ID, resource.PropertyMap, error) {
	return resource.ID(text), withTexts(inputs, map[resource.PropertyKey]string{"result": text}), nil
}

func bytesState(inputs resource.PropertyMap, raw []byte) (resource.ID, resource.PropertyMap, error) {
	return withoutID, withTexts(inputs, map[resource.PropertyKey]string{
		"base64": base64.StdEncoding.EncodeToString(raw),
		"hex":    hex.EncodeToString(raw),
	}), nil
}

func idState(inputs resource.PropertyMap, raw []byte) (resource.ID, resource.PropertyMap, error) {
	prefix := ""
	if given := reveal(inputs["prefix"]); given.IsString() {
		prefix = given.StringValue()
	}
	address := base64.RawURLEncoding.EncodeToString(raw)
	return resource.ID(address), withTexts(inputs, map[resource.PropertyKey]string{
		"b64Std": prefix + base64.StdEncoding.EncodeToString(raw),
		"b64Url": prefix + address,
		"dec":    prefix + new(big.Int).SetBytes(raw).String(),
		"hex":    prefix + hex.EncodeToString(raw),
	}), nil
}

func uuidState(inputs resource.PropertyMap, value uuid.UUID) (resource.ID, resource.PropertyMap, error) {
	state := withTexts(inputs, map[resource.PropertyKey]string{"result": value.String()})
	return resource.ID(value.String()), state, nil
}

func withTexts(inputs resource.PropertyMap, texts map[resource.PropertyKey]string) resource.PropertyMap {
	state := inputs.Copy()
	for key, text := range texts {
		state[key] = resource.NewStringProperty(text)
	}
	return state
}

type stateOf func(inputs resource.PropertyMap, text string) (resource.ID, resource.PropertyMap, error)

// adoptText takes over a given text. The inputs are the defaults, as nobody knows how it was made.
func adoptText(state stateOf) func(string) (resource.ID, resource.PropertyMap, resource.PropertyMap, error) {
	return func(text string) (resource.ID, resource.PropertyMap, resource.PropertyMap, error) {
		inputs := alphabetDefaults.Copy()
		inputs["length"] = resource.NewNumberProperty(float64(len([]rune(text))))
		id, outputs, err := state(inputs, text)
		return id, inputs, outputs, err
	}
}

// adoptID takes over an id in URL-safe base64, with "prefix," before it if it has one.
func adoptID(value string) (resource.ID, resource.PropertyMap, resource.PropertyMap, error) {
	prefix, address := "", value
	if comma := strings.LastIndex(value, ","); comma >= 0 {
		prefix, address = value[:comma], value[comma+1:]
	}
	raw, err := base64.RawURLEncoding.DecodeString(address)
	if err != nil {
		return "", nil, nil, fmt.Errorf("a RandomId is imported by its b64Url, after \"PREFIX,\" if it has one: %w", err)
	}
	inputs := resource.PropertyMap{"byteLength": resource.NewNumberProperty(float64(len(raw)))}
	if prefix != "" {
		inputs["prefix"] = resource.NewStringProperty(prefix)
	}
	id, state, err := idState(inputs, raw)
	return id, inputs, state, err
}

func randomBytes(length int) []byte {
	raw := make([]byte, length)
	_, _ = rand.Read(raw) // never fails: it ends the program instead
	return raw
}

func checkLength(key resource.PropertyKey) func(resource.PropertyMap) []sdk.CheckFailure {
	return func(inputs resource.PropertyMap) []sdk.CheckFailure {
		length := reveal(inputs[key])
		if length.IsComputed() || length.IsNumber() && whole(inputs, key) >= 1 {
			return nil
		}
		return []sdk.CheckFailure{{Property: key, Reason: fmt.Sprintf("is %v; a whole number from 1 is needed", length.V)}}
	}
}

func whole(inputs resource.PropertyMap, key resource.PropertyKey) int {
	if value := reveal(inputs[key]); value.IsNumber() {
		return int(value.NumberValue())
	}
	return 0
}

func reveal(value resource.PropertyValue) resource.PropertyValue {
	for value.IsSecret() {
		value = value.SecretValue().Element
	}
	return value
}
