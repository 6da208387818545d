// Grafana's schema, with which the dashboards are compared. After a change:
// go get github.com/grafana/grafana-foundation-sdk/go@VERSION, and go mod tidy.
module github.com/dissectd/dissectd/tests/dashboards

go 1.26.0

require github.com/grafana/grafana-foundation-sdk/go v0.0.22
