// The Job, as the cluster gets it.
import { expect, it } from 'vitest'
import { jobOf, parcelOf } from '../../../src/study/kubernetes/job.js'

const wanted = {
  name: 'coalmine-a1b2c3d4e5',
  image: 'registry.example.com/coalmine:0.1.0',
  shards: 8,
  cpu: '2',
  memory: '1Gi',
  workers: 2,
  timeoutSeconds: 3600,
  version: '0.1.0+build',
}

it('is Indexed, retries each shard by itself, ends and goes by itself, and fits the restricted level of Pod Security', () => {
  expect(jobOf(wanted)).toMatchInlineSnapshot(`
    {
      "apiVersion": "batch/v1",
      "kind": "Job",
      "metadata": {
        "labels": {
          "app.kubernetes.io/component": "flights",
          "app.kubernetes.io/instance": "coalmine-a1b2c3d4e5",
          "app.kubernetes.io/managed-by": "coalmine",
          "app.kubernetes.io/name": "coalmine",
          "app.kubernetes.io/version": "0.1.0-build",
        },
        "name": "coalmine-a1b2c3d4e5",
      },
      "spec": {
        "activeDeadlineSeconds": 3600,
        "backoffLimitPerIndex": 2,
        "completionMode": "Indexed",
        "completions": 8,
        "maxFailedIndexes": 0,
        "parallelism": 8,
        "podFailurePolicy": {
          "rules": [
            {
              "action": "Ignore",
              "onPodConditions": [
                {
                  "status": "True",
                  "type": "DisruptionTarget",
                },
              ],
            },
            {
              "action": "FailJob",
              "onExitCodes": {
                "containerName": "flights",
                "operator": "In",
                "values": [
                  2,
                  70,
                  126,
                  127,
                  128,
                ],
              },
            },
          ],
        },
        "podReplacementPolicy": "Failed",
        "template": {
          "metadata": {
            "annotations": {
              "linkerd.io/inject": "disabled",
            },
            "labels": {
              "app.kubernetes.io/component": "flights",
              "app.kubernetes.io/instance": "coalmine-a1b2c3d4e5",
              "app.kubernetes.io/managed-by": "coalmine",
              "app.kubernetes.io/name": "coalmine",
              "app.kubernetes.io/version": "0.1.0-build",
              "sidecar.istio.io/inject": "false",
            },
          },
          "spec": {
            "automountServiceAccountToken": false,
            "containers": [
              {
                "command": [
                  "coalmine",
                  "fly-shard",
                  "/coalmine/parcel.json.gz",
                  "--workers",
                  "2",
                ],
                "image": "registry.example.com/coalmine:0.1.0",
                "name": "flights",
                "resources": {
                  "limits": {
                    "cpu": "2",
                    "memory": "1Gi",
                  },
                  "requests": {
                    "cpu": "2",
                    "memory": "1Gi",
                  },
                },
                "securityContext": {
                  "allowPrivilegeEscalation": false,
                  "capabilities": {
                    "drop": [
                      "ALL",
                    ],
                  },
                  "readOnlyRootFilesystem": true,
                },
                "volumeMounts": [
                  {
                    "mountPath": "/coalmine",
                    "name": "parcel",
                    "readOnly": true,
                  },
                ],
              },
            ],
            "enableServiceLinks": false,
            "restartPolicy": "Never",
            "securityContext": {
              "runAsNonRoot": true,
              "seccompProfile": {
                "type": "RuntimeDefault",
              },
            },
            "terminationGracePeriodSeconds": 1,
            "volumes": [
              {
                "configMap": {
                  "name": "coalmine-a1b2c3d4e5",
                },
                "name": "parcel",
              },
            ],
          },
        },
        "ttlSecondsAfterFinished": 600,
      },
    }
  `)
})

it('owns what its pods fly, so that both go together', () => {
  const { metadata, binaryData } = parcelOf(wanted, { metadata: { uid: '1-2-3' } }, Buffer.from('parcel'))
  expect(metadata!.name).toBe(wanted.name)
  expect(metadata!.ownerReferences).toEqual([{ apiVersion: 'batch/v1', kind: 'Job', name: wanted.name, uid: '1-2-3' }])
  expect(binaryData).toEqual({ 'parcel.json.gz': 'cGFyY2Vs' })
})
