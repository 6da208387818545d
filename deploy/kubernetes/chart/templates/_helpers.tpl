{{/* SPDX-License-Identifier: GPL-2.0-or-later */}}

{{/* The labels of an object. Argument: the context and the component. */}}
{{- define "dissectd.labels" -}}
{{ include "dissectd.selector" . }}
app.kubernetes.io/part-of: dissectd
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
{{- end }}

{{/* The labels by which the pods of a component are selected. */}}
{{- define "dissectd.selector" -}}
app.kubernetes.io/name: dissectd
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "dissectd.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end }}

{{/* What all pods have in common. None talks to Kubernetes' API. */}}
{{- define "dissectd.pod" -}}
serviceAccountName: dissectd-{{ .component }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
{{- end }}

{{/* The user of the images. Files of Secrets and volumes belong to its group. */}}
{{- define "dissectd.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "dissectd.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/*
The probes of a dissectd. They ask grpc.health.v1.Health over the Unix socket: a probe of the
kind "grpc" speaks no TLS. A daemon that is told to end isn't ready at once, and still takes
calls for --lame-duck. An engine that is started again in time is no reason to restart.
*/}}
{{- define "dissectd.probes" -}}
startupProbe:
  exec: &health { command: [dissectctl, health] }
  periodSeconds: 2
  timeoutSeconds: 6
  failureThreshold: 60
readinessProbe:
  exec: *health
  periodSeconds: 5
  timeoutSeconds: 6
  failureThreshold: 2
livenessProbe:
  exec: *health
  periodSeconds: 30
  timeoutSeconds: 6
  failureThreshold: 4
{{- end }}

{{/* The files of a dissectd, each in a folder that is writable, or shows new Secrets. */}}
{{- define "dissectd.mounts" -}}
- { name: store, mountPath: /captures }
- { name: run, mountPath: /run/dissectd }
- { name: shared-memory, mountPath: /dev/shm }
- { name: tls, mountPath: /etc/dissectd/tls, readOnly: true }
- { name: tokens, mountPath: /etc/dissectd/tokens, readOnly: true }
- { name: policy, mountPath: /etc/dissectd/policy, readOnly: true }
{{- end }}

{{- define "dissectd.volumes" -}}
- name: run
  emptyDir: { medium: Memory, sizeLimit: 1Mi }
- name: shared-memory
  emptyDir: { medium: Memory, sizeLimit: {{ .Values.dissection.sharedMemory }} }
- name: tls
  secret: { secretName: {{ .Values.tls.daemonSecret }}, defaultMode: 0440 }
- name: tokens
  secret: { secretName: {{ .Values.tls.tokensSecret }}, defaultMode: 0440 }
- name: policy
  configMap: { name: dissectd-policy, defaultMode: 0440 }
{{- end }}

{{/* The options of every dissectd: who its callers are, and where its files are. */}}
{{- define "dissectd.options" -}}
- --listen=unix:/run/dissectd/socket
- --store=/captures
- --tls-certificate=/etc/dissectd/tls/tls.crt
- --tls-key=/etc/dissectd/tls/tls.key
- --tls-client-ca=/etc/dissectd/tls/ca.crt
- --identify-certificates
- --token-file=/etc/dissectd/tokens/tokens
- --policy=/etc/dissectd/policy/policy.json
- --log-format=json
{{- end }}

{{- define "dissectd.policy" -}}
{{ .Values.policy | default (.Files.Get "files/policy.json") }}
{{- end }}

{{/*
Envoy's configuration. The line of the first replica, if it has one, is there for each that
the autoscaler can make: Envoy leaves out those whose names don't resolve.
*/}}
{{- define "dissectd.edgeConfig" -}}
{{- $config := .Values.edge.config | default (.Files.Get "files/envoy.yaml") }}
{{- $first := regexFind "(?m)^ *- .*\"dissectd-0[.\"].*$" $config }}
{{- if $first }}
{{- $lines := list }}
{{- $scaling := .Values.dissection.autoscaling }}
{{- range until (int (ternary $scaling.maxReplicas .Values.dissection.replicas $scaling.enabled)) }}
{{- $lines = append $lines (replace "dissectd-0" (printf "dissectd-%d" .) $first) }}
{{- end }}
{{- $config = replace $first (join "\n" $lines) $config }}
{{- end }}
{{- $config }}
{{- end }}

{{/* The peers that may ask for names. */}}
{{- define "dissectd.dns" -}}
- to:
    - namespaceSelector:
        matchLabels: { kubernetes.io/metadata.name: {{ .Values.networkPolicy.dns.namespace }} }
      podSelector:
        matchLabels: {{ toJson .Values.networkPolicy.dns.podLabels }}
  ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end }}

{{/* The rule by which Prometheus may read the metrics of pods. */}}
{{- define "dissectd.prometheus" -}}
- from:
    - namespaceSelector:
        matchLabels: { kubernetes.io/metadata.name: {{ .Values.networkPolicy.prometheusNamespace }} }
  ports:
    - { protocol: TCP, port: metrics }
{{- end }}

{{/*
Lets Prometheus read the metrics of a component. The alerts of deploy/prometheus need the name
of the job, which would be that of a Service otherwise. Argument: the context, the component,
and the name of its program.
*/}}
{{- define "dissectd.serviceMonitor" -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ .program }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "dissectd.labels" . | nindent 4 }}
    {{- with .root.Values.serviceMonitor.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  selector:
    matchLabels: {{- include "dissectd.selector" . | nindent 6 }}
  endpoints:
    - port: metrics
      interval: {{ .root.Values.serviceMonitor.interval }}
      relabelings:
        - { targetLabel: job, replacement: {{ .program }} }
{{- end }}
