using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Ehlo.Repo.Tests;

/// <summary>Each rule over the files of the repository. That each can fail is shown in <see cref="RuleTests"/>.</summary>
public sealed class TidyTests
{
    private static readonly Exemptions Exempt = new(Repository.File("tests/Ehlo.Repo.Tests/exemptions.txt"));

    private static readonly Dictionary<string, Func<TextFile, IEnumerable<Finding>>> Lengths = new()
    {
        ["file-length"] = SizeRules.FileLength,
        ["function-length"] = SizeRules.FunctionLength,
        ["line-length"] = SizeRules.LineLength,
    };

    private static CitationRules Citations { get; } =
        new(Repository.File("docs/rfcs.md"), Repository.File("tests/Ehlo.Repo.Tests/rfc-sections.txt"));

    [Fact]
    public void A_file_of_code_has_fewer_than_500_lines() => HoldsFor("file-length");

    [Fact]
    public void A_function_has_fewer_than_60_lines() => HoldsFor("function-length");

    [Fact]
    public void A_line_has_at_most_150_characters() => HoldsFor("line-length");

    [Fact]
    public void Every_exemption_is_needed() => Holds(Exempt.Stale(Lengths, Repository.Files));

    [Fact]
    public void A_type_is_not_spread_over_files() => Holds(SizeRules.OneFileForEachType(Repository.Files));

    [Fact]
    public void A_sample_has_fewer_than_60_lines() => Holds(SizeRules.SampleLength(Repository.Files));

    [Fact]
    public void A_namespace_of_the_core_is_that_of_its_folder() => Holds(DirectionRules.Namespaces(Repository.Files));

    [Fact]
    public void A_folder_of_the_core_uses_only_what_its_layer_may() => Holds(DirectionRules.Usings(Repository.Files));

    [Fact]
    public void Values_Protocol_and_Sasl_name_no_socket_stream_task_clock_or_chance() => Holds(DirectionRules.Words(Repository.Files));

    [Fact]
    public void No_name_in_the_core_is_bound_against_the_direction_of_reference() => Holds(DirectionRules.Bindings(Repository.Files));

    [Fact]
    public void A_mutant_finds_the_code_that_it_changes_once() =>
        Holds(MutantRules.Stale(Repository.File("tests/mutants.txt"), Repository.Files));

    [Fact]
    public void The_core_has_no_package_reference() => Holds(ProjectRules.CoreHasNoPackages(Repository.Files));

    [Fact]
    public void Versions_of_packages_are_central() => Holds(ProjectRules.VersionsAreCentral(Repository.Files));

    [Fact]
    public void The_solution_lists_every_project() => Holds(ProjectRules.SolutionHasAllProjects(Repository.Files));

    [Fact]
    public void The_public_surface_is_sorted_and_has_no_line_twice() => Holds(ProjectRules.PublicSurfaceIsSorted(Repository.Files));

    [Fact]
    public void A_standard_is_cited_in_one_form() => Holds(Repository.Files.SelectMany(Citations.Citations));

    [Fact]
    public void The_list_of_standards_and_their_sections_agree() => Holds(Citations.ListAndSectionsAgree());

    [Fact]
    public void A_link_leads_somewhere() => Holds(DocumentRules.Links([.. Repository.Files, .. Repository.Binaries]));

    [Fact]
    public void A_decision_record_has_its_number_and_its_headings() => Holds(DocumentRules.Records(Repository.Files));

    [Fact]
    public void A_feature_is_shown_by_a_test() => Holds(DocumentRules.Evidence(Repository.File("docs/features.md"), Repository.Files));

    [Fact]
    public void An_attack_has_what_shows_that_it_is_stopped() =>
        Holds(DocumentRules.Evidence(Repository.File("docs/attacks.md"), Repository.Files));

    [Fact]
    public void The_readme_begins_with_what_Ehlo_is_and_the_two_commands() => Holds(DocumentRules.Readme(Repository.File("README.md")));

    [Fact]
    public void No_work_is_left_for_later() => Holds(Repository.Files.SelectMany(WordRules.WorkNotDone));

    [Fact]
    public void No_number_of_a_tracker_is_named() => Holds(Repository.Files.SelectMany(WordRules.TrackerNumbers));

    [Fact]
    public void No_host_of_a_registry_is_named() => Holds(Repository.Files.SelectMany(WordRules.Hosts));

    [Fact]
    public void No_path_of_one_machine_is_named() =>
        Holds(Repository.Files.SelectMany(file => WordRules.MachinePaths(file, [Repository.Root, Repository.MainRoot])));

    [Fact]
    public void No_code_is_put_to_sleep_in_a_comment() => Holds(Repository.Files.SelectMany(WordRules.SleepingCode));

    [Fact]
    public void A_type_has_a_name_that_says_what_it_is() => Holds(Repository.Files.SelectMany(WordRules.VagueNames));

    private static void HoldsFor(string rule) => Holds(Exempt.Apply(rule, Repository.Files.SelectMany(Lengths[rule])));

    private static void Holds(IEnumerable<Finding> findings)
    {
        string[] lines = [.. findings.Select(finding => finding.ToString())];
        Assert.True(lines.Length == 0, string.Join('\n', lines));
    }
}
