// SPDX-License-Identifier: GPL-2.0-or-later

// Package dashboards compares the dashboards with Grafana's schema, as Grafana itself
// can't be had everywhere. The schema is that of Grafana's own library for Go.
package dashboards

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

const folder = "../../deploy/grafana/dashboards"

// known has the panels that the dashboards may have.
var known = map[string]bool{"stat": true, "timeseries": true}

func TestMain(m *testing.M) {
	runtime := cog.NewRuntime()
	runtime.RegisterPanelcfgVariant(stat.VariantConfig())
	runtime.RegisterPanelcfgVariant(timeseries.VariantConfig())
	runtime.RegisterDataqueryVariant(prometheus.VariantConfig())
	os.Exit(m.Run())
}

// read returns the content of the dashboards' files, by their names.
func read(t *testing.T) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no dashboards in %s: %v", folder, err)
	}
	contents := map[string][]byte{}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		contents[filepath.Base(path)] = content
	}
	return contents
}

// check returns what the schema has against a dashboard.
func check(content []byte) (dashboard.Dashboard, error) {
	var decoded dashboard.Dashboard
	err := decoded.UnmarshalJSONStrict(content)
	// The library returns an empty list where there is no error.
	var found cog.BuildErrors
	if errors.As(err, &found) && len(found) == 0 {
		err = nil
	}
	return decoded, errors.Join(err, decoded.Validate())
}

func TestDashboardsFitTheSchema(t *testing.T) {
	for name, content := range read(t) {
		decoded, err := check(content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, panel := range decoded.Panels {
			// The options of other panels wouldn't be looked at.
			if panel.Panel != nil && !known[panel.Panel.Type] {
				t.Errorf("%s: add the schema of %q", name, panel.Panel.Type)
			}
		}
	}
}

func TestMistakesAreFound(t *testing.T) {
	mistakes := []struct{ right, wrong, where string }{
		{`"showLegend": true`, `"showLegends": true`, "options.legend"},
		{`"mode": "multi"`, `"mode": true`, "options.tooltip"},
		{`"legendFormat":`, `"legendForm":`, "targets"},
		{`"unit": "reqps"`, `"unit": 1`, "defaults.unit"},
		{`"gridPos":`, `"gridPosition":`, "gridPosition"},
		{`"templating":`, `"template":`, "template"},
	}
	for name, content := range read(t) {
		for _, mistake := range mistakes {
			changed := strings.Replace(string(content), mistake.right, mistake.wrong, 1)
			_, err := check([]byte(changed))
			if err == nil || !strings.Contains(err.Error(), mistake.where) {
				t.Errorf("%s with %s: %v", name, mistake.wrong, err)
			}
		}
	}
}

// unitsOfGrafana returns the values of the constants in Grafana's package of units.
func unitsOfGrafana(t *testing.T) map[string]bool {
	t.Helper()
	list := exec.Command("go", "list", "-f", "{{.Dir}}",
		"github.com/grafana/grafana-foundation-sdk/go/units")
	output, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	paths, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(output)), "*.go"))
	units := map[string]bool{}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if unit, err := strconv.Unquote(literal.Value); err == nil {
					units[unit] = true
				}
			}
			return true
		})
	}
	if !units["reqps"] || units["requests"] {
		t.Fatalf("these aren't Grafana's units: %v", units)
	}
	return units
}

func TestUnitsAreGrafanas(t *testing.T) {
	units := unitsOfGrafana(t)
	for name, content := range read(t) {
		decoded, _ := check(content)
		for _, panel := range decoded.Panels {
			if panel.Panel == nil {
				continue
			}
			unit := panel.Panel.FieldConfig.Defaults.Unit
			if unit == nil || !units[*unit] {
				t.Errorf("%s: %s has no unit that Grafana knows", name, *panel.Panel.Title)
			}
		}
	}
}
