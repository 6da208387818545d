// SPDX-License-Identifier: GPL-2.0-or-later

// Package kubernetes compares objects of other projects' kinds with their types.
package kubernetes

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	certmanager "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"sigs.k8s.io/yaml"
)

const components = "../../deploy/kubernetes/components"

// The types of the kinds that the components have, by API version and kind.
var types = map[string]func() any{
	"cert-manager.io/v1 Certificate":          func() any { return new(certmanager.Certificate) },
	"cert-manager.io/v1 ClusterIssuer":        func() any { return new(certmanager.ClusterIssuer) },
	"monitoring.coreos.com/v1 ServiceMonitor": func() any { return new(monitoring.ServiceMonitor) },
}

type object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
}

// documents returns the documents of a file with objects.
func documents(t *testing.T, path string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// What comes before the first separator is a comment.
	return bytes.Split(text, []byte("\n---\n"))[1:]
}

func check(t *testing.T, document []byte) error {
	t.Helper()
	var found object
	if err := yaml.Unmarshal(document, &found); err != nil {
		t.Fatal(err)
	}
	make, known := types[found.APIVersion+" "+found.Kind]
	if !known {
		t.Fatalf("no type for %v", found)
	}
	return yaml.UnmarshalStrict(document, make())
}

func TestComponentsFitTheTypesOfTheirProjects(t *testing.T) {
	paths, err := filepath.Glob(components + "/*/objects.yaml")
	if err != nil || len(paths) != 2 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		for _, document := range documents(t, path) {
			if err := check(t, document); err != nil {
				t.Errorf("%s: %v\n%s", path, err, document)
			}
		}
	}
}

func TestAWrongFieldIsFound(t *testing.T) {
	for path, wrong := range map[string][2]string{
		"cert-manager":    {"secretName:", "secret:"},
		"service-monitor": {"endpoints:", "endpoint:"},
	} {
		found := 0
		for _, document := range documents(t, filepath.Join(components, path, "objects.yaml")) {
			if !strings.Contains(string(document), wrong[0]) {
				continue
			}
			found++
			changed := bytes.Replace(document, []byte(wrong[0]), []byte(wrong[1]), 1)
			if err := check(t, changed); err == nil {
				t.Errorf("%q is accepted in place of %q", wrong[1], wrong[0])
			}
		}
		if found == 0 {
			t.Errorf("no object has %q", wrong[0])
		}
	}
}
