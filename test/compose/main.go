// Command compose loads a compose project as `docker compose` does, without an engine, and prints the result as JSON.
//
//	compose -dir . [-f compose.yaml]... [-env-file FILE]...
//
// Without -f it takes compose.yaml and compose.override.yaml, or what COMPOSE_FILE names. It exits with 1 and the reason on
// standard error where compose would refuse: a missing variable, an undeclared network, a circle of dependencies.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
)

type list []string

func (l *list) String() string         { return strings.Join(*l, " ") }
func (l *list) Set(value string) error { *l = append(*l, value); return nil }

func main() {
	var files, envFiles list
	dir := flag.String("dir", ".", "the folder of the project")
	flag.Var(&files, "f", "a compose file; may be repeated")
	flag.Var(&envFiles, "env-file", "a file of variables, instead of .env; may be repeated")
	flag.Parse()

	project, err := load(*dir, files, envFiles)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Stdout.Write(project)
}

// The order of the options is docker compose's own: what is in the environment wins over files of variables.
func load(dir string, files, envFiles list) ([]byte, error) {
	options, err := cli.NewProjectOptions(files,
		cli.WithWorkingDirectory(dir),
		cli.WithOsEnv,
		cli.WithEnvFiles(envFiles...),
		cli.WithDotEnv,
		cli.WithConfigFileEnv,
		cli.WithDefaultConfigPath,
		cli.WithDefaultProfiles(),
	)
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.MarshalJSON()
}
