package await

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"efd.local/devkit/internal/cluster"
)

// harmless are reasons that every starting container shows.
var harmless = []string{"", "ContainerCreating", "PodInitializing"}

// podTroubles says in one line why the pods of a workload do not run, as far as they tell.
func podTroubles(ctx context.Context, target *cluster.Cluster, workload *unstructured.Unstructured) string {
	labels, _, _ := unstructured.NestedStringMap(workload.Object, "spec", "selector", "matchLabels")
	if len(labels) == 0 {
		return ""
	}
	pods := target.Resource(corev1.SchemeGroupVersion.WithResource("pods"), workload.GetNamespace())
	found, err := pods.List(ctx, metav1.ListOptions{
		LabelSelector: metav1.FormatLabelSelector(&metav1.LabelSelector{MatchLabels: labels}),
	})
	if err != nil {
		return ""
	}
	var troubles []string
	for _, item := range found.Items {
		var pod corev1.Pod
		if runtime.DefaultUnstructuredConverter.FromUnstructured(item.Object, &pod) == nil {
			troubles = append(troubles, podTrouble(&pod)...)
		}
	}
	return strings.Join(troubles, "; ")
}

func podTrouble(pod *corev1.Pod) []string {
	var troubles []string
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Status == corev1.ConditionFalse {
			troubles = append(troubles, fmt.Sprintf("pod %s: %s", pod.Name, condition.Message))
		}
	}
	for _, container := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if ended := container.State.Terminated; ended != nil && ended.ExitCode != 0 && ended.Message != "" {
			troubles = append(troubles, fmt.Sprintf("pod %s: container %s ended with %d: %s",
				pod.Name, container.Name, ended.ExitCode, strings.TrimSpace(ended.Message)))
		}
		state := container.State.Waiting
		if state == nil || slices.Contains(harmless, state.Reason) {
			continue
		}
		trouble := fmt.Sprintf("pod %s: container %s: %s %s", pod.Name, container.Name, state.Reason, state.Message)
		if ended := container.LastTerminationState.Terminated; ended != nil {
			trouble += fmt.Sprintf(" (last exit code %d %s)", ended.ExitCode, ended.Reason)
		}
		troubles = append(troubles, strings.TrimSpace(trouble))
	}
	return troubles
}
