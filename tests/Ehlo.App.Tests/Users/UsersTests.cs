using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ehlo.App.Commands;
using Ehlo.App.Configuration;
using Ehlo.App.Users;
using Ehlo.Sasl;
using Xunit;

namespace Ehlo.App.Tests.Users;

/// <summary><c>ehlo user</c>, the users file, and what of them a login sees.</summary>
public sealed class UsersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ehlo-users-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly HandClock _clock = new();

    private string File => Path.Combine(_folder, "users");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Add_without_a_file_shows_the_credential_alone()
    {
        Assert.Equal(0, await RunAsync("secret", "user", "add", "app"));
        string line = Assert.Single(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)).TrimEnd();
        Assert.True(ScramCredential.TryParse(line, out ScramCredential? credential));
        Assert.True(credential.Verify("secret"));
        System.IO.File.WriteAllText(
            Path.Combine(_folder, "ehlo.json"), $$"""{ "Users": [ { "Name": "app", "Credential": "{{line}}" } ] }""");
        ConfigurationResult result = ConfigurationReader.Read(Sources());
        Assert.Empty(result.Warnings);
        Assert.True(Assert.Single(result.Options.Users).Credential.Verify("secret"));
    }

    [Fact]
    public async Task Add_list_and_remove_keep_the_file_for_its_owner_alone()
    {
        Assert.Equal(0, await RunAsync("one", "user", "add", "b", "--file", "users"));
        Assert.Equal(0, await RunAsync("two", "user", "add", "a", "--file", "users"));
        Assert.Equal(0, await RunAsync("three", "user", "add", "b", "--file", "users"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal("b added\na added\nb has another password\n", Output);
        Assert.True(UsersFile.Read(File)["b"].Verify("three"));
        Assert.Equal(0, await RunAsync(null, "user", "list", "--file", "users"));
        Assert.EndsWith("a\nb\n", Output, StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(null, "user", "remove", "a", "--file", "users"));
        Assert.Equal(1, await RunAsync(null, "user", "remove", "a", "--file", "users"));
        Assert.Equal(["b"], UsersFile.Read(File).Keys);
        Assert.Equal([File], Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(2, "x", "user", "add", "a:b")]
    [InlineData(2, "x", "user", "add", "#a")]
    [InlineData(2, "x", "user", "add", "")]
    [InlineData(2, "x", "user", "add")]
    [InlineData(2, "x", "user", "list")]
    [InlineData(1, null, "user", "add", "a")]
    [InlineData(1, "a\u0007b", "user", "add", "a")]
    [InlineData(1, "x", "user", "list", "--file", "none")]
    public async Task What_cannot_be_done_is_said(int code, string? password, params string[] args)
    {
        Assert.Equal(code, await RunAsync(password, args));
        Assert.Equal("", Output);
        Assert.StartsWith("ehlo: ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_another_command_is_changing_is_left_alone()
    {
        await System.IO.File.WriteAllTextAsync(File + ".new", "", TestContext.Current.CancellationToken);
        Assert.Equal(1, await RunAsync("x", "user", "add", "a", "--file", "users"));
        Assert.Contains("users.new is there", _error.ToString(), StringComparison.Ordinal);
        Assert.True(System.IO.File.Exists(File + ".new"));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task A_wrong_line_stops_the_start_and_the_change_and_is_named()
    {
        const string Good = "v1,SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" +
            "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
        await System.IO.File.WriteAllTextAsync(
            File, $"# ours\n\na:{Good}\nb\nc:x\na:{Good}\n", TestContext.Current.CancellationToken);
        System.IO.File.WriteAllText(Path.Combine(_folder, "ehlo.json"), """{ "UsersFile": "users" }""");
        IReadOnlyList<string> problems = Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(Sources())).Problems;
        Assert.Equal(["4", "5", "6"], problems.Select(problem => problem.Split("line ")[1].Split(':')[0]));
        Assert.Equal(1, await RunAsync("x", "user", "add", "d", "--file", "users"));
        Assert.False(System.IO.File.Exists(File + ".new"));
    }

    [Fact]
    public async Task A_changed_file_is_seen_within_a_second_and_a_wrong_one_changes_nothing()
    {
        Assert.Equal(0, await RunAsync("one", "user", "add", "a", "--file", "users"));
        UserDirectory users = UsersOf(File);
        Assert.NotNull(users.Find("a"));
        Assert.Equal(0, await RunAsync("two", "user", "add", "bcd", "--file", "users"));
        Assert.Null(users.Find("bcd"));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.NotNull(users.Find("bcd"));
        await System.IO.File.AppendAllTextAsync(File, "nonsense\n", TestContext.Current.CancellationToken);
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.NotNull(users.Find("a"));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.NotNull(users.Find("bcd"));
        Assert.Contains("line 3", Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_right_is_accepted_and_nobody_acts_for_another()
    {
        Assert.Equal(0, await RunAsync("secret", "user", "add", "app", "--file", "users"));
        Authenticator authenticator = new(AuthenticationMode.Users, UsersOf(File));
        Assert.Equal(AuthenticationKinds.Password | AuthenticationKinds.StoredKey | AuthenticationKinds.Certificate, authenticator.Kinds);
        Assert.Equal("app", (await Ask(new PasswordRequest("PLAIN", "app", "secret"))).Identity!.Name);
        Assert.Null((await Ask(new PasswordRequest("PLAIN", "app", "wrong"))).Identity);
        Assert.Null((await Ask(new PasswordRequest("PLAIN", "nobody", "nobody"))).Identity);
        Assert.Null((await Ask(new PasswordRequest("PLAIN", "app", "secret", "root"))).Identity);
        AuthenticationResult stored = await Ask(new StoredKeyRequest("SCRAM-SHA-1", "app"));
        Assert.Null(stored.Identity);
        Assert.Equal("app", stored.IdentityIfProved!.Name);
        Assert.Null((await Ask(new StoredKeyRequest("SCRAM-SHA-1", "app", "root"))).IdentityIfProved);
        Assert.Null((await Ask(new StoredKeyRequest("SCRAM-SHA-1", "nobody"))).IdentityIfProved);
        Assert.Null((await Ask(new BearerRequest("XOAUTH2", "token", "app"))).Identity);
        Assert.Null((await Ask(new AnonymousRequest("ANONYMOUS", "app"))).Identity);
        Assert.Null((await Ask(new SecretRequest("CRAM-MD5", "app"))).Identity);

        ValueTask<AuthenticationResult> Ask(AuthenticationRequest request) =>
            authenticator.AnswerAsync(request, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_key_of_made_up_salts_is_kept_for_the_owner_alone()
    {
        byte[] key = FakeSaltKey.ReadOrMake(_folder);
        Assert.Equal(32, key.Length);
        Assert.Equal(key, FakeSaltKey.ReadOrMake(_folder));
        string path = Assert.Single(Directory.GetFileSystemEntries(_folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(path));
        System.IO.File.WriteAllText(path, "short");
        Assert.NotEqual(key, FakeSaltKey.ReadOrMake(_folder));
    }

    [Fact]
    public async Task Under_Any_each_name_is_accepted()
    {
        Authenticator authenticator = new(AuthenticationMode.Any, UsersOf(null));
        Assert.Equal("a", (await Ask(new PasswordRequest("PLAIN", "a", "b"))).Identity!.Name);
        Assert.Equal("a", (await Ask(new BearerRequest("XOAUTH2", "t", "a"))).Identity!.Name);
        Assert.Equal("bearer", (await Ask(new BearerRequest("OAUTHBEARER", "t"))).Identity!.Name);
        Assert.Equal("anonymous", (await Ask(new AnonymousRequest("ANONYMOUS", "a"))).Identity!.Name);
        Assert.Null((await Ask(new StoredKeyRequest("SCRAM-SHA-1", "a"))).IdentityIfProved);

        ValueTask<AuthenticationResult> Ask(AuthenticationRequest request) =>
            authenticator.AnswerAsync(request, TestContext.Current.CancellationToken);
    }

    private string Output => _output.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);

    private UserDirectory UsersOf(string? file)
    {
        ServeOptions options = Options(file);
        return new(options.Users, options.UsersFile, _clock, text => _error.WriteLine(text));
    }

    private ServeOptions Options(string? file)
    {
        System.IO.File.WriteAllText(Path.Combine(_folder, "none.json"), "{}");
        return ConfigurationReader.Read(Sources() with { File = "none.json" }).Options with { UsersFile = file };
    }

    private ConfigurationSources Sources() => new()
    {
        CurrentFolder = _folder,
        Environment = new System.Collections.Hashtable(),
        MachineName = "mx.test",
    };

    private Task<int> RunAsync(string? password, params string[] args)
    {
        ProgramContext context = new()
        {
            Output = _output,
            Error = _error,
            Environment = new System.Collections.Hashtable(),
            CurrentFolder = _folder,
            MachineName = "mx.test",
            Time = _clock,
            ListenForStop = () => throw new InvalidOperationException("Nothing here waits for a stop."),
            ReadPassword = () => password,
        };
        return CommandLine.RunAsync(args, (_, _) => throw new InvalidOperationException("Nothing here starts a server."), context);
    }

    private sealed class HandClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
