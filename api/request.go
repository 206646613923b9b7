package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"gridbeat/geo"
)

// badField is a request that is wrong in one place.
func badField(pointer, detail, remedy string) error {
	return geo.NewInputError("", geo.Finding{Rule: "request", Feature: pointer, Detail: detail, Remedy: remedy})
}

// badBody tells where a JSON body cannot be read; remedy says what to send.
func badBody(err error, remedy string) error {
	var tooLarge *http.MaxBytesError
	var limited *echo.HTTPError // how echo tells that its body limit is reached
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &tooLarge), errors.As(err, &limited):
		return err
	case errors.As(err, &kind):
		pointer := ""
		if kind.Field != "" {
			pointer = "/" + strings.ReplaceAll(kind.Field, ".", "/")
		}
		return badField(pointer, fmt.Sprintf("%s is not taken here (byte %d)", kind.Value, kind.Offset), remedy)
	case errors.As(err, &syntax):
		return badField("", fmt.Sprintf("no JSON at byte %d: %v", syntax.Offset, syntax), remedy)
	}
	return badField("", "no JSON: "+err.Error(), remedy)
}
