{{/* The beginning of all names: the release's name, and the chart's unless it is in there. */}}
{{- define "swift-cqrs.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What tells this release's objects from all others. */}}
{{- define "swift-cqrs.release" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* What tells a component's pods from all others. (list ROOT COMPONENT) */}}
{{- define "swift-cqrs.selector" -}}
{{ include "swift-cqrs.release" (first .) }}
app.kubernetes.io/component: {{ last . }}
{{- end -}}

{{/* The labels of a component's objects. (list ROOT COMPONENT) */}}
{{- define "swift-cqrs.labels" -}}
{{ include "swift-cqrs.selector" . }}
app.kubernetes.io/version: {{ (first .).Chart.AppVersion | quote }}
{{- end -}}

{{/* The image of a program: its own tag, or that of all, or the chart's version. (list ROOT PROGRAM) */}}
{{- define "swift-cqrs.image" -}}
{{- $image := (first .).Values.image -}}
{{- $own := get (first .).Values.services (last .) -}}
{{ required "image.repository is required: where the images command-api, query-api and consumer are" $image.repository }}/
{{- last . }}:{{ coalesce $own.tag $image.tag (first .).Chart.AppVersion }}
{{- end -}}

{{/* The Secret of a service: the one that is given, or that of development. (list ROOT SERVICE) */}}
{{- define "swift-cqrs.secret" -}}
{{- $given := (get (first .).Values.services (last .)).existingSecret -}}
{{- if or $given (not (first .).Values.development.enabled) -}}
{{ required (printf "services.%s.existingSecret is required: a Secret with the keys amqp-url and mongodb-uri" (last .)) $given }}
{{- else -}}
{{ include "swift-cqrs.name" (first .) }}-{{ last . }}
{{- end -}}
{{- end -}}
