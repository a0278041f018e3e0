using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Ehlo.Protocol;
using Ehlo.Tests.Support;
using Xunit;

namespace Ehlo.Tests.Server;

/// <summary>Extensions of one's own, behind the driver.</summary>
public sealed class ExtensionTests
{
    [Fact]
    public async Task What_an_extension_throws_is_reported_with_its_method_and_costs_the_client_one_command()
    {
        await using TestServer server = new() { Extensions = { new ColourExtension() } };
        TestClient client = await server.Connect().BeginAsync();
        await client.ExpectReplyAsync("MAIL FROM:<a@client.example> COLOUR=throw", "451 4.3.0");
        await client.ExpectReplyAsync("MAIL FROM:<a@client.example>", "250");
        await client.ExpectReplyAsync("RCPT TO:<b@mx.example> COLOUR=throw", "451 4.3.0");
        await client.ExpectReplyAsync("RSET", "250");
        Assert.Equal(["TryReadMail", "TryReadRcpt"], server.Observed.FailedMethods);
        Assert.All(server.Observed.Failed, failure => Assert.IsType<InvalidOperationException>(failure.Exception));
    }

    [Theory]
    [InlineData("IsOffered")]
    [InlineData("Needs")]
    [InlineData("EhloParameter")]
    [InlineData("Verbs")]
    public async Task A_hello_whose_list_cannot_be_made_is_451_and_the_connection_stands(string method)
    {
        await using TestServer server = new() { Extensions = { new Broken(method) } };
        TestClient client = server.Connect();
        await client.ExpectAsync("220");
        Assert.Equal("451 Local error in processing", await client.AskAsync("EHLO client.example"));
        await client.ExpectReplyAsync("MAIL FROM:<a@client.example>", "503");
        await client.ExpectReplyAsync("HELO client.example", "250");
        await client.ExpectReplyAsync("MAIL FROM:<a@client.example>", "250");
        Assert.Equal([method], server.Observed.FailedMethods);
    }

    private sealed class Broken(string method) : Extension
    {
        public override string Keyword => "X-BROKEN";

        public override IReadOnlyList<string> Verbs => Throw<string[]>(nameof(Verbs), []);

        public override string? Needs => Throw<string?>(nameof(Needs), null);

        public override bool IsOffered(OfferFacts facts) => Throw(nameof(IsOffered), true);

        public override string? EhloParameter(OfferFacts facts) => Throw<string?>(nameof(EhloParameter), null);

        private T Throw<T>(string asked, T otherwise) => asked == method ? throw new InvalidOperationException("It is broken.") : otherwise;
    }
}
