{{/* A setting as text. Helm reads numbers as floating point, which would print 33554432 as 3.3554432e+07. */}}
{{- define "swift-cqrs.text" -}}
{{- if kindIs "float64" . }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}

{{/* The variables of a container.
     root      the chart's
     own       settings that come before those for all services
     fixed     what the chart decides */}}
{{- define "swift-cqrs.environment" -}}
{{- $settings := merge (dict) .own .root.Values.environment -}}
{{- if not (hasKey $settings "AMQP_CONNECTION_NAME") }}
# So that RabbitMQ's management UI tells one pod from another.
- name: AMQP_CONNECTION_NAME
  valueFrom: { fieldRef: { fieldPath: metadata.name } }
{{- end }}
{{- range $name, $value := merge (dict) .fixed $settings }}
- name: {{ $name }}
  value: {{ include "swift-cqrs.text" $value | quote }}
{{- end }}
{{- end -}}

{{/* The pod of a program: what a Deployment's or a Job's template holds.
     root      the chart's
     component the label of its pods
     program   which of the three
     args      its arguments
     secret    the Secret with its URLs
     urls      variable -> key of the Secret
     own       settings that come before those for all services
     port      for a service: what it listens on
     isAPI     whether requests come to it through a Service
     restart   the restart policy */}}
{{- define "swift-cqrs.pod" -}}
{{- $root := .root -}}
{{- $fixed := dict -}}
{{- range $variable, $key := .urls }}{{ $_ := set $fixed (printf "%s_FILE" $variable) (printf "/run/secrets/swift-cqrs/%s" $key) }}{{ end -}}
{{- with .port }}{{ $_ := set $fixed "HTTP_PORT" . }}{{ end -}}
{{- if $root.Values.rabbitmq.caSecret }}{{ $_ := set $fixed "AMQP_CA_FILE" "/run/secrets/rabbitmq-ca/ca.crt" }}{{ end -}}
metadata:
  labels:
    {{- include "swift-cqrs.labels" (list $root .component) | nindent 4 }}
spec:
  {{- with .restart }}
  restartPolicy: {{ . }}
  {{- end }}
  # Nothing here talks to Kubernetes.
  automountServiceAccountToken: false
  # Variables made from the names of other Services could be taken for settings.
  enableServiceLinks: false
  {{- with $root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    # The images' user.
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile: { type: RuntimeDefault }
  # Longer than preStop and a stop together: a stop takes ten seconds at most (docs/decisions/0025).
  terminationGracePeriodSeconds: 20
  {{- if .port }}
  topologySpreadConstraints:
    - topologyKey: kubernetes.io/hostname
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "swift-cqrs.selector" (list $root .component) | nindent 10 }}
  {{- end }}
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .program }}
      image: {{ include "swift-cqrs.image" (list $root .program) }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: {{ .args | toJson }}
      env:
        {{- include "swift-cqrs.environment" (dict "root" $root "own" .own "fixed" $fixed) | trim | nindent 8 }}
      {{- if .port }}
      ports:
        - { name: http, containerPort: {{ .port }} }
      {{- if .isAPI }}
      # Ready once, an API stays in its Service for as long as it lives: when the database is away it is so for all pods, and they still have
      # something to say, hot answers from memory and 503 with Retry-After. Without pods clients would get neither.
      startupProbe:
        httpGet: { path: /ready, port: http }
        periodSeconds: 2
        # Each dependency has two seconds to answer.
        timeoutSeconds: 3
        failureThreshold: 300
      readinessProbe:
        httpGet: { path: /live, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      lifecycle:
        # A service takes no connection from SIGTERM on, and it takes a moment until everybody has heard that it is going.
        preStop: { sleep: { seconds: 5 } }
      {{- else }}
      startupProbe:
        httpGet: { path: /live, port: http }
        periodSeconds: 2
        failureThreshold: 30
      readinessProbe:
        httpGet: { path: /ready, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
      {{- end }}
      livenessProbe:
        httpGet: { path: /live, port: http }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      {{- end }}
      resources:
        {{- toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      volumeMounts:
        - { name: secrets, mountPath: /run/secrets/swift-cqrs, readOnly: true }
        {{- if $root.Values.rabbitmq.caSecret }}
        - { name: rabbitmq-ca, mountPath: /run/secrets/rabbitmq-ca, readOnly: true }
        {{- end }}
        {{- if $root.Values.mongodb.caSecret }}
        - { name: mongodb-ca, mountPath: /run/secrets/mongodb-ca, readOnly: true }
        {{- end }}
  volumes:
    - name: secrets
      secret: { secretName: {{ .secret }}, defaultMode: 0440 }
    {{- with $root.Values.rabbitmq.caSecret }}
    - name: rabbitmq-ca
      secret: { secretName: {{ . }}, defaultMode: 0440 }
    {{- end }}
    {{- with $root.Values.mongodb.caSecret }}
    - name: mongodb-ca
      secret: { secretName: {{ . }}, defaultMode: 0440 }
    {{- end }}
{{- end -}}
