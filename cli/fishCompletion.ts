/** Tab completion for fish, for which yargs has no script. It asks the same command as those for bash and zsh. */
export const FISH_COMPLETION = `# Installation: mesh-egress completion > ~/.config/fish/completions/mesh-egress.fish
function __mesh_egress_completions
    mesh-egress --get-yargs-completions (commandline -opc) (commandline -ct)
end
complete -c mesh-egress -a '(__mesh_egress_completions)'`;
