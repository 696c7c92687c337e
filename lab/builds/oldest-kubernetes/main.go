// Judges objects as an API server of the oldest supported version of Kubernetes does when somebody creates them: whether
// it knows all their fields, and whether it compiles every expression of a ValidatingAdmissionPolicy. Reads a JSON list
// of objects, and prints a JSON list with what is wrong with each one.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"

	celgo "github.com/google/cel-go/cel"
	admissionregistration "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/client-go/kubernetes/scheme"
)

// expression is one with a path in its policy, and the types that it may have.
type expression struct {
	path, text string
	types      []*celgo.Type
}

func (e expression) GetExpression() string      { return e.text }
func (e expression) ReturnTypes() []*celgo.Type { return e.types }

type variable struct {
	expression
	name string
}

func (v variable) GetName() string { return v.name }

func main() {
	var objects []json.RawMessage
	if err := json.NewDecoder(os.Stdin).Decode(&objects); err != nil {
		log.Fatal(err)
	}
	// This version's own set of libraries for new expressions, which is one version behind, so that the version before it
	// could read them.
	set := environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion(), false)
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	wrong := make([][]string, len(objects))
	for index, object := range objects {
		wrong[index] = problems(set, decoder, object)
	}
	if err := json.NewEncoder(os.Stdout).Encode(wrong); err != nil {
		log.Fatal(err)
	}
}

func problems(set *environment.EnvSet, decoder runtime.Decoder, text []byte) []string {
	object, _, err := decoder.Decode(text, nil, nil)
	if err != nil {
		return []string{err.Error()}
	}
	if policy, ok := object.(*admissionregistration.ValidatingAdmissionPolicy); ok {
		return compiled(set, policy.Spec)
	}
	return []string{}
}

// compiled does what ValidateValidatingAdmissionPolicy does with expressions, in its order.
func compiled(set *environment.EnvSet, spec admissionregistration.ValidatingAdmissionPolicySpec) []string {
	composed, err := cel.NewCompositedCompiler(set)
	if err != nil {
		log.Fatal(err)
	}
	plain := cel.NewCompiler(set)
	all := cel.OptionalVariableDeclarations{HasParams: spec.ParamKind != nil, HasAuthorizer: true}
	// A message may not depend on what somebody is authorized to do.
	ofMessages := cel.OptionalVariableDeclarations{HasParams: spec.ParamKind != nil}
	boolean := []*celgo.Type{celgo.BoolType}
	wrong := []string{}
	tell := func(one expression, result cel.CompilationResult) {
		if result.Error != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %s", one.path, result.Error))
		}
	}
	compile := func(compiler cel.Compiler, one expression, declared cel.OptionalVariableDeclarations) {
		tell(one, compiler.CompileCELExpression(one, declared, environment.NewExpressions))
	}
	for index, condition := range spec.MatchConditions {
		path := fmt.Sprintf("spec.matchConditions[%d].expression", index)
		compile(plain, expression{path, condition.Expression, boolean}, all)
	}
	for index, one := range spec.Variables {
		path := fmt.Sprintf("spec.variables[%d].expression", index)
		named := variable{expression{path, one.Expression, []*celgo.Type{celgo.AnyType, celgo.DynType}}, one.Name}
		tell(named.expression, composed.CompileAndStoreVariable(named, all, environment.NewExpressions))
	}
	for index, validation := range spec.Validations {
		path := fmt.Sprintf("spec.validations[%d]", index)
		compile(composed, expression{path + ".expression", validation.Expression, boolean}, all)
		if validation.MessageExpression != "" {
			message := expression{path + ".messageExpression", validation.MessageExpression, []*celgo.Type{celgo.StringType}}
			compile(composed, message, ofMessages)
		}
	}
	for index, annotation := range spec.AuditAnnotations {
		path := fmt.Sprintf("spec.auditAnnotations[%d].valueExpression", index)
		compile(composed, expression{path, annotation.ValueExpression, []*celgo.Type{celgo.StringType, celgo.NullType}}, all)
	}
	return wrong
}
