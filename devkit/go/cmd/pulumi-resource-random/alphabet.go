package main

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	sdk "github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// class is a set of characters, whether a text may use them, and how many it must have.
type class struct {
	allowed, minimum resource.PropertyKey // names of the inputs
	characters       string
}

var classes = []class{
	{"lower", "minLower", "abcdefghijklmnopqrstuvwxyz"},
	{"upper", "minUpper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
	{"numeric", "minNumeric", "0123456789"},
	{"special", "minSpecial", "!@#$%&*()-_=+[]{}<>:?"},
}

var alphabetDefaults = resource.PropertyMap{
	"lower":      resource.NewBoolProperty(true),
	"upper":      resource.NewBoolProperty(true),
	"numeric":    resource.NewBoolProperty(true),
	"number":     resource.NewBoolProperty(true),
	"special":    resource.NewBoolProperty(true),
	"minLower":   resource.NewNumberProperty(0),
	"minUpper":   resource.NewNumberProperty(0),
	"minNumeric": resource.NewNumberProperty(0),
	"minSpecial": resource.NewNumberProperty(0),
}

// alphabet says how to make a text: its length and its classes of characters.
type alphabet struct {
	length  int
	classes []choice
}

type choice struct {
	class
	wanted  bool
	minimum int
}

func alphabetOf(inputs resource.PropertyMap) alphabet {
	result := alphabet{length: whole(inputs, "length")}
	for _, class := range classes {
		if given := reveal(inputs["overrideSpecial"]); class.allowed == "special" &&
			given.IsString() && given.StringValue() != "" {
			class.characters = given.StringValue()
		}
		result.classes = append(result.classes, choice{
			class: class, wanted: isWanted(inputs, class.allowed), minimum: whole(inputs, class.minimum),
		})
	}
	return result
}

// isWanted reads a switch, all of which are on by default. "number" is the old name of "numeric".
func isWanted(inputs resource.PropertyMap, key resource.PropertyKey) bool {
	if old := reveal(inputs["number"]); key == "numeric" && old.IsBool() && !old.BoolValue() {
		return false
	}
	value := reveal(inputs[key])
	return !value.IsBool() || value.BoolValue()
}

// text makes a text: as many characters of each class as it must have, the rest from all classes,
// in an order that tells nothing.
func (a alphabet) text() string {
	var all strings.Builder
	var picked []rune
	for _, choice := range a.classes {
		if !choice.wanted {
			continue
		}
		all.WriteString(choice.characters)
		for range choice.minimum {
			picked = append(picked, pick([]rune(choice.characters)))
		}
	}
	for characters := []rune(all.String()); len(picked) < a.length; {
		picked = append(picked, pick(characters))
	}
	for i := len(picked) - 1; i > 0; i-- {
		j := below(i + 1)
		picked[i], picked[j] = picked[j], picked[i]
	}
	return string(picked)
}

func pick(characters []rune) rune { return characters[below(len(characters))] }

// below is an evenly distributed number from 0 to limit-1.
func below(limit int) int {
	number, err := rand.Int(rand.Reader, big.NewInt(int64(limit)))
	if err != nil { // the operating system has no randomness: there is nothing safe to go on with
		panic(err)
	}
	return int(number.Int64())
}

// checkAlphabet reports inputs that contradict each other.
func checkAlphabet(inputs resource.PropertyMap) []sdk.CheckFailure {
	if inputs.ContainsUnknowns() {
		return nil
	}
	failures := checkLength("length")(inputs)
	fail := func(key resource.PropertyKey, format string, arguments ...any) {
		failures = append(failures, sdk.CheckFailure{Property: key, Reason: fmt.Sprintf(format, arguments...)})
	}
	wanted := alphabetOf(inputs)
	total, any := 0, false
	for _, choice := range wanted.classes {
		total += choice.minimum
		any = any || choice.wanted
		switch {
		case choice.minimum < 0:
			fail(choice.class.minimum, "is %d; a whole number from 0 is needed", choice.minimum)
		case choice.minimum > 0 && !choice.wanted:
			fail(choice.class.minimum, "is %d, but %s is false", choice.minimum, choice.allowed)
		}
	}
	if !any {
		fail("length", "no characters are left: lower, upper, numeric and special are all false")
	}
	if total > wanted.length && len(failures) == 0 {
		fail("length", "is %d, but the minimums of the classes add up to %d", wanted.length, total)
	}
	return failures
}
