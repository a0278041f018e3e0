using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Ehlo.App.Access;
using Ehlo.App.Inbox;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace Ehlo.App.Tests.Access;

/// <summary>The inbox as somebody sees it.</summary>
public sealed class SeenInboxTests
{
    [Fact]
    public void Pages_know_the_inbox_by_what_their_viewer_sees()
    {
        PropertyInfo[] injected =
        [
            .. from type in typeof(SeenInbox).Assembly.GetTypes()
               where typeof(IComponent).IsAssignableFrom(type)
               from property in type.GetProperties(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
               where property.IsDefined(typeof(InjectAttribute))
               select property,
        ];
        Assert.Contains(injected, property => property.PropertyType == typeof(SeenInbox));
        Assert.DoesNotContain(injected, property => property.PropertyType == typeof(InboxStore));
    }

    [Fact]
    public void A_mailbox_without_users_is_everybodys_and_one_that_is_not_configured_any_more_nobodys()
    {
        MailboxUsers users = new([("Common", null), ("Bobs", ["bob"]), ("Both", ["ann", "bob"])]);
        Assert.Equal(["Common"], users.SeenBy("carl")!);
        Assert.Equal(["Bobs", "Both", "Common"], users.SeenBy("bob")!.Order(StringComparer.Ordinal));
        Assert.Contains("COMMON", users.SeenBy("ann")!);
        Assert.DoesNotContain("Old", (IEnumerable<string>)users.SeenBy("ann")!);
        Assert.Null(new MailboxUsers([("Common", null)]).SeenBy("carl"));
    }
}
