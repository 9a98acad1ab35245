package object

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"
)

// quantityFields hold resource quantities, which the server rewrites to their canonical form
// ("1000m" becomes "1"), directly or one level below.
var quantityFields = map[string]bool{
	"requests": true, "limits": true, "capacity": true, "allocatable": true, "hard": true,
	"max": true, "min": true, "default": true, "defaultRequest": true, "maxLimitRequestRatio": true,
	"overhead": true, "podFixed": true, "sizeLimit": true, "divisor": true,
}

// sameQuantity reports whether two values at a path are one quantity in two notations.
func sameQuantity(path []any, left, right any) bool {
	if !isQuantity(path) {
		return false
	}
	first, err := resource.ParseQuantity(fmt.Sprint(left))
	if err != nil {
		return false
	}
	second, err := resource.ParseQuantity(fmt.Sprint(right))
	return err == nil && first.Cmp(second) == 0
}

func isQuantity(path []any) bool {
	for _, element := range path[max(0, len(path)-2):] {
		if name, ok := element.(string); ok && quantityFields[name] {
			return true
		}
	}
	return false
}
