using System.Linq;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Ehlo.Console.Tests.Support;
using Ehlo.Sasl;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Ehlo.Console.Tests;

/// <summary>The console where users sign in, in a browser with all its rules for cookies, forms and origins.</summary>
public sealed class SignInTests(Chromium chromium)
{
    [Fact]
    public async Task Who_signs_in_sees_what_is_theirs_as_it_comes_and_out_again_nothing()
    {
        await using ServedProgram program = await ServedProgram.StartAsync($$"""
            {
              "Console": { "Users": [ {{User("ann")}}, {{User("bob")}}, {{User("carl")}} ], "Administrators": ["ann"] },
              "Mailboxes": [ { "Name": "bobs", "Users": ["bob"], "Rules": [ { "Recipient": "bob@*" } ] } ]
            }
            """);
        await Post.SendAsync(program, "For everybody", to: "all@team.example");
        await using Tab bob = await Tab.SignInAsync(chromium, program, "bob", "bob's password");
        await using Tab carl = await Tab.SignInAsync(chromium, program, "carl", "carl's password");
        await Expect(bob.Rows).ToHaveCountAsync(1);
        await Expect(carl.Rows).ToHaveCountAsync(1);

        await Post.SendAsync(program, "For bob alone", to: "bob@team.example");
        await Expect(bob.Rows).ToHaveCountAsync(2);
        await Post.SendAsync(program, "For everybody again", to: "all@team.example");
        await Expect(carl.Rows).ToHaveCountAsync(2);
        await Expect(carl.Page.GetByText("For bob alone")).ToHaveCountAsync(0);
        await Expect(carl.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("bobs") })).ToHaveCountAsync(0);
        await Expect(carl.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("Sessions") })).ToHaveCountAsync(0);

        string secret = (await bob.Rows.Filter(new() { HasText = "For bob alone" }).GetAttributeAsync("data-row"))!;
        await carl.GoAsync($"messages/{secret}");
        await Expect(carl.Page.GetByText("For bob alone")).ToHaveCountAsync(0);
        await using Tab ann = await Tab.SignInAsync(chromium, program, "ann", "ann's password", $"messages/{secret}");
        await Expect(ann.Page.GetByText("For bob alone").First).ToBeVisibleAsync();
        await Expect(ann.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("Sessions") })).ToHaveCountAsync(1);

        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(ann.Page).ToHaveURLAsync(new Regex("/sign-in$"));
        await ann.Page.GotoAsync($"messages/{secret}");
        await Expect(ann.Page).ToHaveURLAsync(new Regex("/sign-in\\?from="));
    }

    // Keys of few rounds: the test is about the console.
    private static string User(string name)
    {
        ScramCredential credential = ScramCredential.Create($"{name}'s password", RandomNumberGenerator.GetBytes(16), 4096);
        return $$"""{ "Name": "{{name}}", "Credential": "{{credential}}" }""";
    }
}
